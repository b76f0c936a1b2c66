"""The public names of the models."""

from tracking.models.alarm import Alarm, AlarmTelling, Pulse
from tracking.models.calendar import CalendarDay, CalendarVersion
from tracking.models.department import Department, Partner, Succession
from tracking.models.deputation import Deputation
from tracking.models.event import KIND_NAMES, Event, Evidence
from tracking.models.letter import Letter, LetterEntry, LetterKind, LetterTemplate
from tracking.models.meeting import Conclusion, Meeting, MeetingItem
from tracking.models.outbox import Delivery, DeliveryEntry, Message, MessageFile
from tracking.models.plan import Document, Plan
from tracking.models.progress_list import ListRegistration, ProgressList, series_of
from tracking.models.reminder import Reminder, ReminderStep
from tracking.models.replies import Remark, WaitAnswer
from tracking.models.report_schedule import ReportRun, ReportSchedule
from tracking.models.saved_view import SavedView
from tracking.models.situation import TaskSituation
from tracking.models.stamp import Stamp
from tracking.models.task import Task
from tracking.models.user import User

__all__ = [
    "Alarm",
    "AlarmTelling",
    "Pulse",
    "Letter",
    "LetterEntry",
    "LetterKind",
    "LetterTemplate",
    "Conclusion",
    "Meeting",
    "MeetingItem",
    "Delivery",
    "DeliveryEntry",
    "Message",
    "MessageFile",
    "Reminder",
    "ReminderStep",
    "ReportRun",
    "ReportSchedule",
    "KIND_NAMES",
    "CalendarDay",
    "CalendarVersion",
    "Department",
    "Document",
    "Event",
    "Evidence",
    "ListRegistration",
    "Partner",
    "Plan",
    "ProgressList",
    "Succession",
    "Deputation",
    "Remark",
    "SavedView",
    "WaitAnswer",
    "Task",
    "Stamp",
    "TaskSituation",
    "User",
    "series_of",
]
