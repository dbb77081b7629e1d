// The signatures, or a refusal with a witness; then the visit is handed in.

import { set, submit } from "../logic/drafts.js";
import { t } from "../logic/i18n.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { to } from "./addresses.js";
import { useVisit } from "./hooks.js";
import { html } from "./html.js";
import { HEIGHT, Pad, WIDTH } from "./pad.js";
import { Check, Notice, Radios, Text } from "./parts.js";
import { Running } from "./running.js";
import { Frame, Wait } from "./shell.js";
import { Gone } from "./visit.js";
import { problem } from "./words.js";

const WITNESSES = ["witness", "commune_representative"];

/** @param {{id: string}} props */
export function Sign({ id }) {
  const visit = useVisit(id);
  if (visit === undefined) return html`<${Wait} />`;
  if (!visit) return html`<${Gone} id=${id} />`;
  const { document, errors, title } = visit;
  const { signatures, refusal, parties } = document;
  const inspector = account()?.full_name ?? "";
  const present = parties.find(({ role }) => role === "representative")?.name ?? "";
  const witness = signatures.find(({ role }) => WITNESSES.includes(role));
  const refuse = (/** @type {boolean} */ isRefused) =>
    set(id, {
      refusal: isRefused ? { role: "representative", reason: "" } : null,
      signatures: signatures.filter(({ role }) => role === "head"),
    });
  const left = errors.filter(({ pointer }) => !pointer.startsWith("/signatures"));
  const unsigned = [...new Set(errors.filter((e) => !left.includes(e)).map(({ code }) => code))];
  if (left.some(({ pointer }) => !pointer.startsWith("/refusal"))) {
    return html`<${Frame} title=${t("sign.title")} back=${to(id, "review")}>
      <${Notice} kind="warn">
        <p>${t("review.missing", { count: left.length })}</p>
        <a href=${`#${to(id, "review")}`}>${t("review.title")}</a>
      <//>
    <//>`;
  }
  const send = async () => {
    const signer = signatures.find(({ role }) => role === "representative");
    if (signer && !present) {
      await set(id, { parties: [...parties, { role: signer.role, name: signer.name }] });
    }
    await submit(id, title);
    go(`/sent/${id}`, { replace: true });
  };
  const bar = html`<button class="main" disabled=${errors.length > 0} onClick=${send}>
    ${t("sign.submit")}
  </button>`;
  return html`<${Frame} title=${t("sign.title")} back=${to(id, "review")} bar=${bar}>
    <${Running} visit=${visit} />
    <p class="hint">${t("sign.hint")}</p>
    <${Signer} document=${document} role="head" name=${inspector} title=${t("sign.head")} />
    <h2>${t("closing.representative")}</h2>
    <${Check} label=${t("sign.refuses")} checked=${Boolean(refusal)} pick=${refuse} />
    ${refusal
      ? html`<${Text}
            label=${t("sign.reason")}
            rows=${2}
            value=${refusal.reason}
            save=${(/** @type {string} */ reason) => set(id, { refusal: { ...refusal, reason } })}
          />
          <${Witness} document=${document} witness=${witness} />`
      : html`<${Signer}
          document=${document}
          role="representative"
          name=${present}
          title=${t("sign.representative")}
        />`}
    ${unsigned.map((code) => html`<p class="wrong">${problem(code)}</p>`)}
  <//>`;
}

/** @param {{document: VisitDocument, witness?: Signature}} props */
function Witness({ document, witness }) {
  const role = witness?.role ?? "witness";
  const pick = (/** @type {Signature["role"]} */ to) =>
    put(document.id, WITNESSES, (known) => ({ ...(known ?? blank(to)), role: to }));
  return html`<${Radios}
      legend=${t("sign.witness")}
      column
      options=${[
        ["witness", t("sign.anybody")],
        ["commune_representative", t("sign.commune")],
      ]}
      value=${role}
      pick=${pick}
    />
    <${Signer} key=${role} document=${document} role=${role} name="" title=${t("sign.witness")} />`;
}

/**
 * @param {{document: VisitDocument, role: Signature["role"], name: string, title: string}} props
 */
function Signer({ document, role, name, title }) {
  const known = document.signatures.find((each) => each.role === role);
  const signature = known ?? { ...blank(role), name };
  const save = (/** @type {(known: Signature) => Partial<Signature>} */ by) =>
    put(document.id, [role], (kept) => {
      const before = kept ?? { ...blank(role), name };
      return { ...before, ...by(before) };
    });
  return html`<section class="group" aria-label=${title}>
    <h2>${title}</h2>
    <${Text}
      label=${t("team.name")}
      value=${signature.name}
      save=${(/** @type {string} */ said) => save(() => ({ name: said }))}
    />
    <${Pad} signature=${signature} save=${save} />
  </section>`;
}

/**
 * @param {Signature["role"]} role
 * @returns {Signature}
 */
function blank(role) {
  return { role, name: "", width: WIDTH, height: HEIGHT, strokes: [] };
}

/**
 * @param {string} id of the visit
 * @param {string[]} roles of which there is one signature
 * @param {(known: Signature | undefined) => Signature} by
 */
function put(id, roles, by) {
  return set(id, ({ signatures }) => {
    const others = signatures.filter(({ role }) => !roles.includes(role));
    return { signatures: [...others, by(signatures.find(({ role }) => roles.includes(role)))] };
  });
}
