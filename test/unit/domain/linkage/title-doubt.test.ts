import { plainTitle, titleDoubt, type TitleDoubt } from '../../../../domain/linkage/title-doubt';
import { nameKey } from '../../../../domain/name-keys';

test.each([
  ['Heroes', 'Heroes'],
  ['Heroes - 2017 Remaster', 'Heroes'],
  ['Heroes (Remastered 2011)', 'Heroes'],
  ['Heroes - Remastered', 'Heroes'],
  ['Heroes Remastered', 'Heroes'],
  ['Heroes [2009 Digital Remaster]', 'Heroes'],
  ['Heroes (Album Version)', 'Heroes'],
  ['Heroes (Bonus Track)', 'Heroes'],
  ['Strobe - Original Mix', 'Strobe'],
  ['Shallow - From "A Star Is Born"', 'Shallow'],
  ['One Dance (feat. Wizkid & Kyla)', 'One Dance'],
  ['One Dance feat. Wizkid', 'One Dance'],
  ['One Dance ft. Wizkid - Live', 'One Dance Live'],
  ['One Dance (Live / Remastered 2011)', 'One Dance Live /'],
  ['Sorry (Latino Remix) [feat. J Balvin]', 'Sorry Latino Remix'],
  ['With or Without You', 'With or Without You'],
  ['Ft. Worth Blues', 'Ft. Worth Blues'],
  ['Symphony, Part. 2', 'Symphony, Part. 2'],
  ['Remastered', 'Remastered'],
  ['1999', '1999'],
])('"%s" is plainly "%s"', (title, plain) => {
  expect(plainTitle(title)).toBe(plain);
});

const pairs: [string, string, TitleDoubt | null][] = [
  ['Another Brick in the Wall, Pt. 1', 'Another Brick in the Wall, Pt. 2', 'number'],
  ['Another Brick in the Wall, Pt. 2', 'Another Brick in the Wall (Part II)', null],
  ['Another Brick in the Wall, Pt.2', 'Another Brick in the Wall Part Two', null],
  ['Another Brick in the Wall', 'Another Brick in the Wall, Pt. 2', 'number'],
  ['Shine On You Crazy Diamond (Parts I-V)', 'Shine On You Crazy Diamond (Parts VI-IX)', 'number'],
  ['Symphony No. 5', 'Symphony No. 6', 'number'],
  ['Symphony No. 5', 'Symphony nr 5', null],
  ['Nocturne, Op. 9 No. 1', 'Nocturne, Op. 9 No. 2', 'number'],
  ['Prelude Op.28', 'Prelude, Op. 28', null],
  ['Mambo No. 5', 'Mambo #5', 'words'],
  ['Rocky II', 'Rocky 2', null],
  ['Rocky II', 'Rocky III', 'number'],
  ['7 Rings', '8 Rings', 'number'],
  ['1979', '1999', 'number'],
  ['Volume 1', 'Vol. 1', null],
  ['Hurt', 'Hurt - Live', 'version'],
  ['Hurt (Live)', 'Hurt (Live at Wembley)', 'words'],
  ['Hurt - Acoustic', 'Hurt', 'version'],
  ['Hurt (Instrumental)', 'Hurt', 'version'],
  ['Hurt (Demo)', 'Hurt', 'version'],
  ['Hurt (Karaoke Version)', 'Hurt', 'version'],
  ['Hurt (Radio Edit)', 'Hurt (Extended Mix)', 'version'],
  ['Hurt - Sped Up', 'Hurt', 'version'],
  ['Hurt (Some DJ Remix)', 'Hurt', 'version'],
  ['Hurt (Some DJ Remix)', 'Hurt (Other DJ Remix)', 'words'],
  ['Hurt - Mono', 'Hurt - Stereo', 'version'],
  ['Love Story (Taylor’s Version)', 'Love Story', 'version'],
  ['Hurt - 2011 Remaster', 'Hurt', null],
  ['Hurt - 2011 Remaster', 'Hurt (Remastered 2009)', null],
  ['Hurt - Live / 2011 Remaster', 'Hurt (Live)', null],
  ['Hurt (feat. Somebody)', 'Hurt', null],
  ['Hey Girl', 'Hey Boy Hey Girl', 'words'],
  ['Satisfaction', '(I Can’t Get No) Satisfaction', 'words'],
  ['Yesterday', 'Yesterday Once More', 'words'],
  ['Run', 'Rum', 'words'],
  ['Love Me Now', 'Love Me Not', 'words'],
  ['Here', 'There', 'words'],
  ['Good Bye', 'Goodbye', null],
  ['True Colours', 'True Colors', null],
  ['Nothin’ Else', 'Nothing Else', null],
  ['Rock & Roll', 'Rock and Roll', null],
  ['P!nk Friday', 'Pink Friday', null],
  ['Déjà Vu', 'Deja Vu', null],
  ['Группа крови', 'Gruppa krovi', null],
  ['Группа крови', 'Blood Type', 'words'],
  ['', 'Hurt', null],
];

test.each(pairs)('"%s" beside "%s": %s', (one, other, doubt) => {
  const key = (title: string) => nameKey(plainTitle(title));
  expect(titleDoubt(key(one), key(other))).toBe(doubt);
  expect(titleDoubt(key(other), key(one))).toBe(doubt);
});
