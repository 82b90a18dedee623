"""The word on screen for each value of the core, in one place, so that it is the same everywhere."""

from enum import StrEnum

from grading.appeals import AppealOutcome, AppealState
from grading.competency import Kind, Relation
from grading.delivery import DeliveryState
from grading.ledger import EntryKind, EntryState
from grading.scores import ColumnShows
from lti_tool.access import Capability, Field, Who
from lti_tool.services.asking.double_observations import Second
from lti_tool.services.personal_data.kept import Kept
from lti_tool.store.assignments import AssignedAs
from lti_tool.store.auditing import FindingKind, SampleOf
from lti_tool.store.care import Adjustment
from lti_tool.store.exports import ExportForm, ExportState
from lti_tool.store.files import FileState
from lti_tool.store.messages import MessageKind
from lti_tool.store.privacy import PrivacyWish
from lti_tool.store.terms import TermsAnswer
from lti_tool.web.texts import _N, gettext
from rubrics.calibration import CalibrationState
from rubrics.consent import PersonServed
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from rubrics.example import Medium, Origin
from rubrics.observation import Mode, State
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.rubric import Principle
from rubrics.scenario import KnownTag
from rubrics.sign_off import Assurance, Lane, Meaning
from rubrics.supervision import Held, Part, SessionKind

WORDS: dict[type[StrEnum], dict[str, str]] = {
    State: {
        State.REQUESTED: _N("asked for"),
        State.SCHEDULED: _N("a time is agreed"),
        State.CONSENTED: _N("waiting for the observer"),
        State.IN_PROGRESS: _N("in progress"),
        State.PAUSED: _N("paused"),
        State.DRAFTED: _N("written down"),
        State.IN_MODERATION: _N("the observers meet"),
        State.SHARED: _N("waiting for the trainee's words"),
        State.ANSWERED: _N("waiting for a signature"),
        State.AMENDING: _N("being rewritten"),
        State.IN_RECONCILIATION: _N("the lanes meet"),
        State.FINAL: _N("signed"),
        State.RELEASED: _N("signed"),
        State.DECLINED: _N("not taken on"),
        State.CANCELED: _N("called off"),
        State.NOT_HELD: _N("not held"),
        State.STOPPED: _N("stopped"),
        State.WITHDRAWN: _N("withdrawn"),
        State.SUPERSEDED: _N("no longer stands"),
        State.RECONSIDERED: _N("reconsidered"),
    },
    ColumnShows: {
        ColumnShows.COMPLETION: _N("progress"),
        ColumnShows.RUBRIC_RESULT: _N("result"),
        ColumnShows.LATEST: _N("latest result"),
        ColumnShows.BEST: _N("best result"),
        ColumnShows.MEAN_OF_LAST: _N("mean of the last results"),
        ColumnShows.COUNT: _N("number of observations"),
        ColumnShows.MET: _N("met or not yet"),
    },
    DeliveryState: {
        DeliveryState.WAITING: _N("waiting for the LMS"),
        DeliveryState.ACCEPTED: _N("accepted"),
        DeliveryState.NEEDS_PERSON: _N("needs a person"),
        DeliveryState.DIFFERS: _N("differs"),
        DeliveryState.LET_STAND: _N("the LMS's own stands"),
        DeliveryState.CLEARED: _N("emptied"),
    },
    Mode: {
        Mode.LIVE: _N("live"),
        Mode.ROLE_PLAY: _N("role play"),
        Mode.RECORDED: _N("recorded"),
        Mode.REMOTE: _N("remote"),
        Mode.CASE_DISCUSSION: _N("case discussion"),
    },
    MessageKind: {
        MessageKind.OBSERVATION: _N("observations"),
        MessageKind.SIGNATURE: _N("signatures"),
        MessageKind.SUPERVISION: _N("supervision"),
        MessageKind.PLACEMENT: _N("placements"),
        MessageKind.QUALIFICATION: _N("qualifications"),
        MessageKind.EVIDENCE: _N("evidence"),
        MessageKind.RUBRIC: _N("rubrics"),
        MessageKind.HOURS: _N("hours and trainings"),
        MessageKind.PROGRAM: _N("programs"),
        MessageKind.DECISION: _N("decisions"),
        MessageKind.APPEAL: _N("appeals"),
        MessageKind.PLAN: _N("growth plans"),
        MessageKind.GRADEBOOK: _N("the gradebook"),
        MessageKind.CREDENTIAL: _N("credentials"),
        MessageKind.CALIBRATION: _N("rating together"),
        MessageKind.SURVEY: _N("surveys"),
        MessageKind.EXPORT: _N("files that were asked for"),
        MessageKind.AUDIT: _N("audits"),
        MessageKind.OTHER: _N("anything else"),
    },
    SampleOf: {
        SampleOf.OBSERVATIONS: _N("observations"),
        SampleOf.LEDGER_ENTRIES: _N("entries of hours and trainings"),
        SampleOf.DECISIONS: _N("decisions"),
    },
    FindingKind: {
        FindingKind.IN_ORDER: _N("in order"),
        FindingKind.QUESTION: _N("a question"),
        FindingKind.CONCERN: _N("a concern"),
    },
    AppealState: {
        AppealState.DRAFT: _N("being written"),
        AppealState.LATE: _N("sent after its last day"),
        AppealState.OPEN: _N("sent"),
        AppealState.WITH_PANEL: _N("with the panel"),
        AppealState.DECIDED: _N("decided"),
        AppealState.NOT_TAKEN_UP: _N("not taken up"),
        AppealState.WITHDRAWN: _N("taken back"),
        AppealState.OVERTAKEN: _N("there is a new decision"),
    },
    AppealOutcome: {
        AppealOutcome.STANDS: _N("the first decision stays"),
        AppealOutcome.CHANGED: _N("another decision takes its place"),
        AppealOutcome.AGAIN: _N("it is looked at again by others"),
    },
    Second: {
        Second.TO_FIND: _N("somebody is looked for"),
        Second.WITH_TRAINEE: _N("the trainee is asked"),
        Second.ASKED: _N("two are asked to observe"),
        Second.UNDER_WAY: _N("two observe"),
        Second.DONE: _N("seen by two"),
        Second.ONE: _N("stays with one"),
    },
    CalibrationState: {
        CalibrationState.RATING: _N("everybody rates alone"),
        CalibrationState.REVEALED: _N("revealed: to talk about"),
        CalibrationState.CLOSED: _N("closed"),
    },
    Medium: {Medium.TEXT: _N("a text to read"), Medium.VIDEO: _N("a video")},
    Origin: {
        Origin.WRITTEN: _N("written or acted for this: nobody's own meeting"),
        Origin.RECORDING: _N("a meeting that was held, with permission"),
    },
    Principle: {
        Principle.SAFETY: _N("safety"),
        Principle.CHOICE: _N("choice"),
        Principle.COLLABORATION: _N("collaboration"),
        Principle.TRUST: _N("trust"),
        Principle.EMPOWERMENT: _N("empowerment"),
        Principle.CULTURAL_RESPONSIVENESS: _N("cultural responsiveness"),
    },
    Kind: {
        Kind.VALUE: _N("value"),
        Kind.KNOWLEDGE: _N("knowledge"),
        Kind.SKILL: _N("skill"),
        Kind.ATTITUDE: _N("attitude"),
    },
    Relation: {
        Relation.SAME: _N("the same as"),
        Relation.PART_OF: _N("part of"),
        Relation.PEER: _N("beside"),
        Relation.RELATED: _N("related to"),
        Relation.PRECEDES: _N("comes before"),
        Relation.REPLACED_BY: _N("replaced by"),
        Relation.SKILL_LEVEL: _N("has the level"),
        Relation.EXEMPLAR: _N("has as an example"),
        Relation.TRANSLATION: _N("a translation of"),
        Relation.CHILD: _N("belongs to"),
    },
    Lane: {Lane.PEER: _N("peer lane"), Lane.CLINICAL: _N("clinical lane")},
    Meaning: {
        Meaning.OBSERVED: _N("observed"),
        Meaning.REVIEWED: _N("reviewed"),
        Meaning.DECIDED: _N("decided"),
    },
    Assurance: {
        Assurance.LAUNCH: _N("signed in through the LMS"),
        Assurance.LINK_WITH_CODE: _N("signed in with a link and a code"),
        Assurance.IN_PERSON: _N("in person, on another person's device"),
        Assurance.LAUNCH_CONFIRMED: _N("signed in through the LMS, confirmed by a mailed code"),
        Assurance.LINK_CONFIRMED: _N("signed in with a link and a code, confirmed by a mailed code"),
    },
    Capability: {
        Capability.TRAINEE: _N("trainee"),
        Capability.OBSERVER: _N("observer"),
        Capability.SUPERVISOR: _N("supervisor"),
        Capability.INSTRUCTOR: _N("instructor"),
        Capability.MENTOR: _N("mentor"),
        Capability.OPERATOR: _N("operator"),
        Capability.PROGRAM_LEAD: _N("program lead"),
        Capability.REVIEWER: _N("reviewer with lived experience"),
        Capability.SAFEGUARDING_LEAD: _N("safeguarding lead"),
        Capability.AUDITOR: _N("auditor"),
    },
    AssignedAs: {
        AssignedAs.OBSERVER: _N("observer"),
        AssignedAs.SUPERVISOR: _N("supervisor"),
        AssignedAs.MENTOR: _N("mentor"),
    },
    Who: {
        Who.TRAINEE: _N("the trainee"),
        Who.OBSERVER: _N("the observer"),
        Who.SUPERVISOR: _N("supervisors who sign"),
        Who.INSTRUCTOR: _N("instructors of the course"),
        Who.MENTOR: _N("mentors"),
        Who.LMS: _N("the gradebook of the LMS"),
        Who.OWNER: _N("only you"),
        Who.PRESENT: _N("everybody who was there"),
        Who.RATER: _N("those who rate and hand in, once it is revealed"),
        Who.SIDE: _N("the two of you"),
        Who.SAFEGUARDING_LEAD: _N("the safeguarding lead"),
        Who.SIGNER: _N("whoever is asked to sign"),
        Who.PROGRAM_LEAD: _N("program leads"),
        Who.PANEL: _N("the members of the panel"),
        Who.SUPPORTER: _N("whoever helps with the plan"),
        Who.AUDITOR: _N("an auditor, after giving a reason that you can read"),
        Who.ANYBODY: _N("anybody to whom you give the address"),
        Who.COUNTED: _N("program leads, only counted together with many others"),
    },
    Field: {
        Field.STATUS: _N("how far it is"),
        Field.CONSENT: _N("what was agreed to"),
        Field.NOTE: _N("what the trainee said beforehand"),
        Field.DRAFT: _N("the draft"),
        Field.ASSESSMENT: _N("what was seen"),
        Field.RESPONSE: _N("the trainee's words"),
        Field.SELF_ASSESSMENT: _N("how the trainee sees it"),
        Field.MEETING: _N("the record of a meeting"),
        Field.COMMENT: _N("what a mentor wrote"),
        Field.SIGN_OFF: _N("the signatures"),
        Field.SCORE: _N("the number in the gradebook"),
        Field.EVIDENCE: _N("evidence"),
        Field.SUPERVISION_AGREEMENT: _N("the supervision agreement"),
        Field.SUPERVISION_SESSION: _N("the record of a supervision session"),
        Field.SUPERVISION_REQUEST: _N("that supervision is wished for"),
        Field.PLACEMENT: _N("the place of practice"),
        Field.HAND_OVER_NOTE: _N("the hand-over note"),
        Field.ADJUSTMENT: _N("what is different so that someone can take part"),
        Field.JOURNAL: _N("the journal"),
        Field.SELF_CARE_PLAN: _N("the self-care plan"),
        Field.CHECK_IN: _N("the check-in"),
        Field.HANDLED_OUTSIDE: _N("that something is handled outside of Attune"),
        Field.LEDGER: _N("hours and trainings"),
        Field.ATTESTATION: _N("what the program noted"),
        Field.STATEMENT: _N("a statement in one's own word"),
        Field.STANDING: _N("where somebody stands in a program"),
        Field.DECISION: _N("a decision"),
        Field.PAUSE: _N("that a path is paused"),
        Field.APPEAL: _N("an appeal"),
        Field.GROWTH_PLAN: _N("the growth plan"),
        Field.CREDENTIAL: _N("a credential"),
        Field.ENDORSEMENT: _N("what somebody says for a holder"),
        Field.SELF_DESCRIPTION: _N("what somebody says of themselves"),
        Field.FEEDBACK: _N("feedback on supervision, a site or feedback"),
        Field.CALIBRATION: _N("ratings of an example"),
    },
    EntryKind: {
        EntryKind.PRACTICE: _N("practice with people"),
        EntryKind.TRAINING: _N("training"),
        EntryKind.SUPERVISION: _N("supervision"),
        EntryKind.EDUCATION: _N("continuing education"),
    },
    EntryState: {
        EntryState.OPEN: _N("not handed to anybody"),
        EntryState.WAITING: _N("waiting for a signature"),
        EntryState.RETURNED: _N("handed back with a reason"),
        EntryState.SIGNED: _N("signed"),
        EntryState.REVERSED: _N("taken back by a correction"),
    },
    SessionKind: {
        SessionKind.INDIVIDUAL: _N("individual"),
        SessionKind.GROUP: _N("group"),
        SessionKind.JOINT: _N("joint, with both lanes"),
        SessionKind.DEBRIEF: _N("debrief"),
    },
    Held: {Held.IN_PERSON: _N("in person"), Held.VIDEO: _N("by video"), Held.PHONE: _N("by phone")},
    Part: {
        Part.TRAINEE: _N("trainee"),
        Part.PEER: _N("supervising, peer lane"),
        Part.CLINICAL: _N("supervising, clinical lane"),
    },
    KnownTag: {
        KnownTag.RACE: _N("race"),
        KnownTag.SEXUALITY: _N("sexuality"),
        KnownTag.DISABILITY: _N("disability"),
        KnownTag.IMMIGRATION: _N("immigration"),
        KnownTag.AGE: _N("age"),
    },
    PracticeModel: {
        PracticeModel.ONE_TO_ONE: _N("one to one"),
        PracticeModel.GROUP: _N("group"),
        PracticeModel.WARM_LINE: _N("warm line"),
        PracticeModel.YOUTH: _N("youth"),
        PracticeModel.FAMILY: _N("family"),
    },
    Setting: {
        Setting.MENTAL_HEALTH: _N("mental health"),
        Setting.ADDICTION: _N("addiction and recovery"),
        Setting.HEALTHCARE: _N("healthcare"),
        Setting.CRISIS: _N("crisis support"),
        Setting.COMMUNITY: _N("community"),
        Setting.REENTRY: _N("coming back from prison"),
        Setting.TRANSITION: _N("from inpatient care to the community"),
    },
    Compensation: {
        Compensation.PAID: _N("paid"),
        Compensation.STIPEND: _N("with a stipend"),
        Compensation.UNPAID: _N("unpaid"),
    },
    Adjustment: {
        Adjustment.MORE_TIME: _N("more time"),
        Adjustment.INTERPRETER: _N("an interpreter is there"),
        Adjustment.AUDIO_ANSWER: _N("answering by speaking"),
        Adjustment.TALK_INSTEAD: _N("answering in a talk"),
        Adjustment.LARGE_PRINT: _N("large print"),
        Adjustment.SHORTER_SESSIONS: _N("shorter sessions"),
    },
    FileState: {
        FileState.WAITING: _N("waits for its turn"),
        FileState.READING: _N("is being read"),
        FileState.READ: _N("waits for you"),
        FileState.WANTED: _N("waits to be taken in"),
        FileState.TAKING_IN: _N("is being taken in"),
        FileState.TAKEN_IN: _N("taken in"),
        FileState.NOT_TAKEN: _N("please check"),
    },
    ExportState: {
        ExportState.WAITING: _N("waits for its turn"),
        ExportState.UNDER_WAY: _N("is being made"),
        ExportState.READY: _N("ready"),
        ExportState.STOPPED: _N("please check"),
        ExportState.CALLED_OFF: _N("called off"),
        ExportState.GONE: _N("not kept any more"),
    },
    ExportForm: {
        ExportForm.CSV: _N("text with commas (CSV)"),
        ExportForm.XLSX: _N("spreadsheet (XLSX)"),
        ExportForm.ZIP: _N("archive (ZIP)"),
    },
    TermsAnswer: {
        TermsAnswer.AGREED: _N("you agreed"),
        TermsAnswer.NOT_NOW: _N("you said “not now”"),
        TermsAnswer.WITHDRAWN: _N("you took your yes back"),
    },
    EvidenceKind: {
        EvidenceKind.PICTURE: _N("picture"),
        EvidenceKind.PDF: _N("PDF"),
        EvidenceKind.AUDIO: _N("sound recording"),
        EvidenceKind.VIDEO: _N("video"),
        EvidenceKind.LINK: _N("link"),
        EvidenceKind.NOTE: _N("note"),
    },
    EvidenceState: {
        EvidenceState.ARRIVING: _N("on its way"),
        EvidenceState.CHECKING: _N("is being looked at"),
        EvidenceState.READY: _N("ready"),
        EvidenceState.NOT_TAKEN: _N("please check"),
        EvidenceState.WITHDRAWN: _N("taken back"),
    },
    Sharing: {
        Sharing.ONLY_ME: _N("only you"),
        Sharing.SUPERVISORS: _N("you and your supervisors"),
        Sharing.ASSESSORS: _N("you, your supervisors and your observers"),
    },
    PersonServed: {
        PersonServed.YES: _N("agreed"),
        PersonServed.NO: _N("did not agree"),
        PersonServed.NOT_APPLICABLE: _N("nobody was supported in this session"),
    },
    PrivacyWish: {
        PrivacyWish.EXPORT: _N("a copy of what Attune keeps about them"),
        PrivacyWish.ERASE: _N("what Attune keeps about them to be erased"),
    },
    Kept: {
        Kept.ACCOUNTS: _N("LMS accounts"),
        Kept.COURSES: _N("courses they were seen in"),
        Kept.GRANTS: _N("times that they were given something to do"),
        Kept.PRACTICE: _N("observations of their practice"),
        Kept.ANSWERS: _N("answers in their own words"),
        Kept.OBSERVED: _N("observations of others that they were asked for"),
        Kept.SIGNATURES: _N("signatures they gave"),
        Kept.SCORES: _N("numbers for a gradebook"),
        Kept.READINGS: _N("notes of who opened which record"),
        Kept.ACTS: _N("entries in the audit"),
    },
}


def word(value: StrEnum) -> str:
    """The word for a value, in the reader's language."""
    return gettext(WORDS[type(value)][value])
