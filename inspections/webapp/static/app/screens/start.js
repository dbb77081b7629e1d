// The start of a visit: what kind, with which checklist, by whom, on what ground.

import { Refused, Unreachable } from "../logic/api.js";
import { checklistsFor, place as findPlace } from "../logic/bundle.js";
import { begin, set, teamOf } from "../logic/drafts.js";
import { firstVisit } from "../logic/follow.js";
import { pick, t } from "../logic/i18n.js";
import { dayOf } from "../logic/moments.js";
import { go } from "../logic/router.js";
import { account } from "../logic/session.js";
import { useState } from "../vendor/preact-hooks.js";
import { Findings } from "./findings.js";
import { useBundle } from "./hooks.js";
import { html } from "./html.js";
import { Notice, Radios } from "./parts.js";
import { PlaceState } from "./place.js";
import { Grounds, Team } from "./people.js";
import { Frame, Wait } from "./shell.js";
import { day, word } from "./words.js";

/** @param {{code: string, assignment?: string}} props */
export function Start({ code, assignment: wanted }) {
  const bundle = useBundle();
  if (!bundle) return html`<${Wait} />`;
  const place = findPlace(bundle, code);
  const isMeant = (/** @type {Assignment} */ { id, establishment }) =>
    wanted ? id === wanted : establishment === code;
  const assignment = bundle.assignments?.find(isMeant) ?? null;
  if (!place) return html`<${Frame} title=${code} back="/"><p>${t("place.gone")}</p><//>`;
  return html`<${Form} bundle=${bundle} place=${place} assignment=${assignment} />`;
}

/** @param {{bundle: Bundle, place: Establishment, assignment: Assignment | null}} props */
function Form({ bundle, place, assignment }) {
  const me = account();
  const isManager = me?.role === "manager";
  const checklists = checklistsFor(bundle, place.kind);
  const asked = checklists.find((c) => c.code === assignment?.checklist.split("@")[0]);
  const [kind, setKind] = useState(
    /** @type {Kind} */ (isManager ? "self_check" : (assignment?.kind ?? "planned")),
  );
  const [code, setCode] = useState((asked ?? checklists[0])?.code ?? "");
  const [grounds, setGrounds] = useState(assignment?.grounds ?? null);
  const [team, setTeam] = useState(teamOf(assignment));
  const [problem, setProblem] = useState("");
  const checklist = checklists.find((each) => each.code === code);
  const follows = assignment?.follows ?? place.last?.inspection ?? null;
  // What is recognised is a market with all its stalls.
  const isRecognised = place.kind === "market" || assignment?.kind === "recognition";
  const kinds = [
    "planned",
    "unannounced",
    ...(isRecognised ? ["recognition"] : []),
    ...(follows ? ["follow_up"] : []),
  ];

  const start = async () => {
    if (!checklist) return;
    const isFollowUp = kind === "follow_up" && follows;
    try {
      const first = isFollowUp ? await firstVisit(follows) : null;
      const draft = await begin({
        bundle,
        establishment: place.code,
        checklist,
        kind,
        assignment,
        follows: isFollowUp ? follows : null,
        first,
      });
      await set(draft.id, { grounds, team });
      go(`/visit/${draft.id}`, { replace: true });
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      setProblem(error instanceof Refused ? error.title : t("start.firstneeded"));
    }
  };

  const back = isManager ? `/place/${place.code}` : "/";
  const bar = html`<button class="main" disabled=${!checklist} onClick=${start}>
    ${t(isManager ? "start.selfcheck" : "start.go")}
  </button>`;
  return html`<${Frame} title=${place.name} back=${back} bar=${bar}>
    <${PlaceState} place=${place} />
    ${problem && html`<${Notice} kind="bad">${problem}<//>`}
    ${!isManager &&
    html`<${Radios}
        legend=${t("start.kind")}
        options=${kinds.map((each) => [each, word("kind", each)])}
        value=${kind}
        pick=${setKind}
        column
      />
      ${kind === "follow_up" &&
      html`<p class="hint">
        ${t("start.follows", { day: day(place.last?.on), number: place.last?.number ?? "" })}
      </p>`}`}
    ${checklists.length > 1
      ? html`<${Radios}
          legend=${t("start.checklist")}
          options=${checklists.map((each) => [each.code, pick(each.title)])}
          value=${code}
          pick=${setCode}
          column
        />`
      : html`<h2>${t("start.checklist")}</h2>
          <p>${checklist ? pick(checklist.title) : t("start.nochecklist")}</p>`}
    ${!isManager &&
    html`<h2>${t("start.team")}</h2>
      <${Team} team=${team} save=${setTeam} />
      <h2>${t("start.grounds")}</h2>
      <${Grounds} grounds=${grounds} save=${setGrounds} />`}
    ${(place.findings?.length ?? 0) > 0 &&
    html`<h2>${t("place.fix")}</h2>
      <${Findings} bundle=${bundle} place=${place} day=${dayOf(Date.now())} />`}
  <//>`;
}
