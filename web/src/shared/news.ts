// The node's news as it happens: one stream for a whole page, whoever on it listens.

export const PICTURE_CHANGED = [
  "own_warning",
  "partner_warning",
  "partner_warning_opened",
  "record_recalled",
  "link_fault",
  "link_restored",
  "link_heard",
  "displays_disagree",
  "displays_agree",
  "sensor_silent",
  "sensor_heard_again",
  "clock_suspected",
  "clock_no_longer_suspected",
  "missed",
  "node_away",
  "node_back",
] as const;

let stream: EventSource | undefined;

/** Call back on each of these events; a browser comes back by itself after a cut. */
export function onNews(events: readonly string[], told: (event: MessageEvent<string>) => void): void {
  stream ??= new EventSource("/api/v1/stream");
  for (const name of events) stream.addEventListener(name, told);
}
