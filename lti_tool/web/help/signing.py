"""Help beside the pages of signing, and of what was signed."""

from lti_tool.web.texts import _N

SIGNING = {
    _N(
        "What waits for you stands here, the oldest first. Open one to read it, to write or to sign. Further down "
        "is what waits for others: nothing is needed from you there."
    ): ("landing/waiting.html",),
    _N(
        "Please read everything on this page: it is exactly what your signature covers. If you see something "
        "differently, you can ask for a meeting first. If you are not ready, it waits for you."
    ): ("signing/sign.html",),
    _N(
        "This is what was signed, word for word, as the signer read it. It does not change any more. Nothing has "
        "to be done on this page."
    ): ("signing/signed.html", "ledger_signing/signed.html"),
    _N(
        "Say what you see differently, about what was seen and not about a person. Those who observe and those "
        "who sign then meet. Until then nobody signs, and nobody is overruled."
    ): ("signing/differ.html",),
    _N(
        "A code shows that it is you who signs. It comes to your own address by mail, and you type it in here. "
        "What you want to sign waits for you meanwhile."
    ): ("signing/code.html",),
    _N(
        "What was signed is never changed. If it is not right, you can say so here: it then no longer stands. Say "
        "why in a sentence or two, about the record and not about a person. Your reason stays to be read."
    ): ("withdrawals/take_back.html", "withdrawals/supersede.html"),
    _N(
        "Here is everything that was signed in your name, with your copy of it. If something is not right, or it was "
        "not you, you can say so beside it."
    ): ("signatures/signatures.html", "ledger_signing/signatures.html"),
    _N(
        "Here you sign several observations at once. Please open and read each of them first. For some minutes "
        "afterwards you can take all of it back, without a reason."
    ): ("several/read.html", "several/done.html"),
    _N(
        "Somebody asks you to sign hours or trainings. Read each entry. Then sign it, hand it back with a reason, "
        "or leave it for later. Each entry stands by itself."
    ): ("ledger_signing/sign.html", "ledger_signing/several.html", "ledger_signing/done.html"),
    _N(
        "Say in a sentence what would have to be different, about the entry and not about the person. The trainee "
        "reads it, and can change the entry and ask again. Nothing is lost."
    ): ("ledger_signing/hand_back.html", "ledger_signing/take_back.html"),
    _N(
        "A supervisor who is with the trainee can sign on the trainee's device. They read all of it in their own "
        "time, and can give the device back without signing. The signature says that it was given in person."
    ): ("in_person/choose.html", "in_person/sign.html"),
    _N(
        "Some activities ask that whoever signs has shown a qualification. An instructor notes what they saw: its "
        "name and its days, and no certificate. The person sees it, and is told before one ends."
    ): ("qualifications/mine.html", "qualifications/of_person.html"),
}
