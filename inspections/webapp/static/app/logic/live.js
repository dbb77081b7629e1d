// Who changed what, told to all screens of all tabs.

/** @typedef {"session" | "bundle" | "drafts" | "outbox" | "sync" | "room"} Topic */

const channel = new BroadcastChannel("changed");
/** @type {Map<(topic: Topic) => void, Topic[]>} */
const listeners = new Map();

channel.addEventListener("message", ({ data }) => tell(data));

/** @param {Topic} topic */
export function changed(topic) {
  tell(topic);
  channel.postMessage(topic);
}

/**
 * @param {Topic[]} topics
 * @param {(topic: Topic) => void} told after each change
 * @returns {() => void} stops it
 */
export function listen(topics, told) {
  listeners.set(told, topics);
  return () => listeners.delete(told);
}

/** @param {Topic} topic */
function tell(topic) {
  for (const [told, topics] of [...listeners]) {
    if (topics.includes(topic)) told(topic);
  }
}
