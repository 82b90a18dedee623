// The LMS's storage for frames that keep no cookies (LTI postMessage Storage): one text under one key.
// What is told goes to the origin of the registered authorization endpoint only, and only its answers count.

const PATIENCE_MS = 1500;
const CAPABILITIES_MS = 500;
const PUT = "lti.put_data";
const GET = "lti.get_data";

// True once the LMS says that it keeps the value.
export async function put(where, key, value) {
  const answer = await told(where, { subject: PUT, key, value });
  return answer?.key === key;
}

// The value, or null where the LMS does not answer or has none.
export async function get(where, key) {
  const answer = await told(where, { subject: GET, key });
  return answer?.key === key && typeof answer.value === "string" ? answer.value : null;
}

async function told({ platform, target }, message) {
  const around = window.parent === window ? window.opener : window.parent;
  if (!around) return null;
  const name = (await namedFrame(around, message.subject)) ?? target;
  return answerTo(frameOf(around, name), new URL(platform).origin, message, PATIENCE_MS);
}

// What an LMS can do is no secret: this one question may go to any origin. Its answer only chooses a window.
async function namedFrame(around, subject) {
  const answer = await answerTo(around, "*", { subject: "lti.capabilities" }, CAPABILITIES_MS);
  const offers = Array.isArray(answer?.supported_messages) ? answer.supported_messages : [];
  const frame = offers.find((offer) => offer?.subject === subject)?.frame;
  return typeof frame === "string" && frame ? frame : null;
}

function frameOf(around, name) {
  if (name === "_parent") return around;
  try {
    return around.frames[name] ?? around;
  } catch {
    return around;
  }
}

function answerTo(target, origin, message, patience) {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    function hear({ data, origin: from, source }) {
      if (source !== target || (origin !== "*" && from !== origin)) return;
      if (data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
      done(data.error ? null : data);
    }
    function done(answer) {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
      resolve(answer);
    }
    const timer = setTimeout(() => done(null), patience);
    window.addEventListener("message", hear);
    target.postMessage({ ...message, message_id: id }, origin);
  });
}
