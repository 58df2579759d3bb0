// Asks this console's server, within a bounded time; what went wrong comes back in words.
import { say } from "./words";

const WITHIN_MS = 5000;

/** Why there is no answer, as a sentence with its remedy. */
export class NoAnswer extends Error {}

/** The text at a path of this server. Raises NoAnswer; who is not logged in goes to the login. */
export async function askedText(path: string): Promise<string> {
  return (await asked(path)).text();
}

/** The JSON at a path of the API, as the form that `docs/http.md` gives. Raises as `askedText`. */
export async function askedJson<Form>(path: string): Promise<Form> {
  return (await asked(path)).json() as Promise<Form>;
}

/** What a command of the API answers. Raises as `askedText`: NoAnswer where it was not done. */
export async function told<Form>(path: string, body: object): Promise<Form> {
  const headers = { "content-type": "application/json" };
  return (await asked(path, { method: "POST", headers, body: JSON.stringify(body) })).json() as Promise<Form>;
}

async function asked(path: string, how: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...how, signal: AbortSignal.timeout(WITHIN_MS) });
  } catch {
    throw new NoAnswer(say("stale.no_console"));
  }
  if (answer.redirected || answer.status === 401) {
    location.assign("/login");
    throw new NoAnswer(say("stale.logged_out"));
  }
  if (answer.ok) return answer;
  throw new NoAnswer(await refusal(answer));
}

async function refusal(answer: Response): Promise<string> {
  try {
    const said = (await answer.json()) as { what: string; remedy: string };
    return `${said.what}. ${said.remedy}`;
  } catch {
    return say("stale.no_console");
  }
}
