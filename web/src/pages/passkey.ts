// Enrols a passkey, or logs in with one; what goes wrong is said beside the button.
import { say } from "../shared/words";

interface Begun {
  ceremony: string;
  options: never;
}

const place = document.getElementById("passkey");

async function posted<Form>(path: string, body: unknown): Promise<Form> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const found = (await answer.json()) as Form & { what?: string; remedy?: string };
  if (!answer.ok) throw new Error(`${found.what ?? ""}. ${found.remedy ?? ""}`);
  return found;
}

async function enrol(name: string, code: string): Promise<void> {
  const { ceremony, options } = await posted<Begun>("/enrol/begin", { name, code });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  await posted("/enrol/finish", { ceremony, answer: made.toJSON() });
}

async function enter(): Promise<void> {
  const { ceremony, options } = await posted<Begun>("/login/begin", {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const signed = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  await posted("/login/finish", { ceremony, answer: signed.toJSON() });
}

if (place instanceof HTMLFormElement) {
  const wrong = document.createElement("p");
  wrong.setAttribute("role", "alert");
  place.append(wrong);
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    wrong.textContent = "";
    const given = new FormData(place);
    const name = given.get("name");
    const done = name === null ? enter() : enrol(String(name), String(given.get("code")));
    done.then(
      () => location.assign("/"),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        wrong.textContent = say("passkey.failed", { reason });
      },
    );
  });
}
