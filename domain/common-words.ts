/**
 * Words that titles are full of and that are artists' names too, as `nameKey` leaves them. A name made of nothing else
 * says little in a title: "Live", "Air", "The The".
 */
const commonWords: ReadonlySet<string> = new Set(
  `a about after again air alive all alone always america american an and angel angels animal animals another any are
  asia at away baby back bad band be beach beautiful because berlin best better big birds bitter black blood blue blur
  body bonus book born boston box boy boys bread break bright broken brother burn but by bush call can care cars change
  chicago child children christmas city clean close cloud clouds club cold color colour come common cool cream crazy cry
  cure dad dance dark dawn day days dead dear death deep demo devil diamond die dirty disco do down dream dreams drive
  dub dust earth easy echo edit eight electric end europe eve ever every everything evil express extended eye eyes face
  faith fall fame family far fast father fear feel fever few fields fight final fire first five fly fool for forever
  four free freedom friend friends from fun future game garbage ghost girl girls give go god gold gone good goodbye
  great green guitar habit hair hands happy hard has have head heart hearts heat heaven hello help her here hero high
  him his hit hold hole home hope hot house how human hurt i ice if in infinity instrumental intro is it its japan jazz
  jesus journey joy just kansas kids killer king kings kiss know la lady last late leave left let letter life light
  lights like live living lonely long look lord lost love lover lovers low luck mad magic make man marathon mary mask
  me mean memory men mercury midnight mind mine mirror mix moment money mono moon more morning mother move muse music my
  naked name nature need never new next nice night no nobody nothing november now ocean of off oh old on once one only
  open orchestra orange original other our out outro over pain paradise paris part party past peace people piano pink
  place play poison power prayer pressure pretty prince promise pulp pure queen quiet radio rain rainbow real red remix
  remixed rest ride right rise river road rock rocket romeo room rose rough rush sad saint same satellite save saved
  scream sea season secret seven sex shadow shadows shape she shine show silence silver simple single sister six sky
  sleep slow small smile smoke snow so soft some someone something song songs soul sound space special speed spirit
  spring star stars start state stay step stereo still stone stop storm story strange stranger street strings strong
  style suede sugar suicide summer sun sunday sunshine super survivor sweet swing take tears temple ten texas thank that
  the them then there these they thing things think this three thunder ticket tiger time times to today together tom
  tomorrow tonight too tool top touch town toy train train travel trouble true trust truth try turn twice two under
  up us verse version very vocal voice voices wait wake walk wall want war warm was water wave way we west what wheat
  when where white who why wild will wind window wine wings winter wire wish with without woman women wonder word words
  work world worlds x year years yellow yes you young your youth zero`.split(/\s+/),
);

/** How much a name says where it stands in a title. `plain`: a single word that is a name at least as often as not. */
export type NameWeight = 'weak' | 'plain' | 'distinctive';

/** Han and kana write a word in one or two letters, and without spaces between words. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * Weak are names of one or two letters and names of common words only; distinctive are names of several words and those
 * that no other word looks like ("AC/DC", "2Pac", "will.i.am").
 * @param key the name as `nameKey` leaves it
 */
export function weightOfName(name: string, key: string): NameWeight {
  const words = key.split(' ');
  const letters = [...key.replace(/ /gu, '')].length;
  if (letters < (DENSE.test(key) ? 2 : 3) && /^[\p{L}\p{N} ]*$/u.test(key)) return 'weak';
  if (words.every((word) => commonWords.has(word) || /^\d+$/u.test(word))) return 'weak';
  const isOdd = letters >= 4 && /\S[^\p{L}\p{M}\s]\S|^\P{L}\S|\d/u.test(name);
  return words.length > 1 || isOdd || (DENSE.test(key) && letters >= 3) ? 'distinctive' : 'plain';
}
