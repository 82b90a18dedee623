// Buttons that copy the read-only field beside them. Without this the field can be selected by hand.

const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector("main").append(said);

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // A frame or an old browser keeps the clipboard out: the selection can be copied with the keyboard.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
  return true;
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(document.getElementById(button.dataset.copies)))) return;
    button.textContent = button.dataset.copied;
    said.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, 2000);
  });
}
