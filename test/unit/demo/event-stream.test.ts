import { readEvents, type ServerEvent } from '../../../dev/demo/event-stream';

async function eventsIn(text: string, size: number): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size)
      yield await Promise.resolve(bytes.subarray(from, from + size));
  }
  const events: ServerEvent[] = [];
  for await (const event of readEvents(chunks())) events.push(event);
  return events;
}

const stream =
  'retry: 3000\n\nid: 1\nevent: milestone\ndata: {"text":"Fertig für heute"}\n\n: still here\n\nid: 2\nevent: done\ndata: {}\n\nid: 3\nevent: cut';

test.each([1, 2, 7, 4096])('events come whole though the network cuts them every %i bytes', async (size) => {
  expect(await eventsIn(stream, size)).toEqual([
    { id: '1', event: 'milestone', data: '{"text":"Fertig für heute"}' },
    { id: '2', event: 'done', data: '{}' },
  ]);
});

test('lines may end as on Windows, and data may have several', async () => {
  expect(await eventsIn('event: progress\r\ndata: a\r\ndata: b\r\n\r\n', 4096)).toEqual([
    { id: '', event: 'progress', data: 'a\nb' },
  ]);
});
