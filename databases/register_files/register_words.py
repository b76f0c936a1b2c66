"""Which Vietnamese and English words stand in the workbook for the values of the register?"""

from databases.models.party import PartyRole
from databases.rules.stage import STAGE_WORDS
from databases.rules.steps import STEP_WORDS
from tracking.plan_files.workbook_words import Words

STAGES: Words = {str(stage): words for stage, words in STAGE_WORDS.items()}
STEPS: Words = dict(STEP_WORDS)
ROLES: Words = {
    PartyRole.OWNER.value: ("chủ quản", "owner"),
    PartyRole.OPERATOR.value: ("vận hành", "operator"),
    PartyRole.CARRIER.value: ("nhà mạng", "carrier"),
}
