// A verified launch without the cookie: asks the LMS's storage for this browser's secret, and finishes the launch
// with it. The session that opens lives in this tab.

import { get } from "./platform_storage.js";
import { go, read, show, takeOver } from "./tab_pages.js";
import { begin, finish } from "./tab_session.js";

const form = document.getElementById("finishing");
const { again, key, platform, target } = form.dataset;

async function comeIn() {
  const secret = await get({ platform, target }, key);
  if (secret === null) return sayNoAnswer();
  const fields = new URLSearchParams(new FormData(form));
  fields.set("secret", secret);
  const answer = await finish(form.action, fields);
  if (!answer.ok) return show(await read(answer));
  const { tab, path } = await answer.json();
  begin({ secret: tab, again });
  takeOver();
  if (!(await go(path, { entry: "replace", moveFocus: false }))) sayNoAnswer();
}

function sayNoAnswer() {
  document.getElementById("soon").hidden = true;
  document.getElementById("no-answer").hidden = false;
}

comeIn().catch(sayNoAnswer);
