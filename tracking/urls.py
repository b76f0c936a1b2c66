"""The staff portal's addresses about departments, tasks and lists."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from tracking.views.bulk import DecideMany
from tracking.views.calendar import DeadlineCalendar, DeadlineFeed
from tracking.views.comparison import CompareLists
from tracking.views.departments import DepartmentDetail, DepartmentList
from tracking.views.help import Help
from tracking.views.letters import (
    DraftLetter,
    LetterDetail,
    LetterFile,
    LetterList,
    LetterScan,
    TakeLetterStep,
)
from tracking.views.lists import ListArchive, ListFile, ListForecast, ReadList, VerifyList
from tracking.views.meetings import (
    AddToAgenda,
    CancelMeeting,
    ChangeAgenda,
    CloseMeeting,
    EditMeeting,
    MeetingDetail,
    MeetingList,
    NumberNotice,
    PlanMeeting,
    PrepareMeeting,
)
from tracking.views.meetings_conclude import (
    ConcludeDecision,
    ConcludeGenerally,
    ConcludeNoted,
    ConcludeTask,
)
from tracking.views.meetings_item import SpeakingDepartment
from tracking.views.my_work import MyWork
from tracking.views.overview import Home
from tracking.views.replies import AnswerWait, GiveRemark
from tracking.views.saved_views import DropView, KeepView
from tracking.views.search import Search
from tracking.views.sign_in import SignIn
from tracking.views.task import EvidenceFile, TakeStep, TaskDetail
from tracking.views.task_list import TaskExport, TaskList
from tracking.views.verification import Verification, Verify

app_name = "tracking"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("sign-in/", login_not_required(SignIn.as_view()), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("help/", Help.as_view(), name="help"),
    path("search/", Search.as_view(), name="search"),
    # tasks
    path("tasks/", TaskList.as_view(), name="task-list"),
    path("tasks/export/<str:form>/", TaskExport.as_view(), name="task-export"),
    path("tasks/decide/", DecideMany.as_view(), name="decide-many"),
    path("tasks/views/keep/", KeepView.as_view(), name="view-keep"),
    path("tasks/views/<int:pk>/drop/", DropView.as_view(), name="view-drop"),
    path("tasks/<int:pk>/", TaskDetail.as_view(), name="task"),
    path("tasks/<int:pk>/record/<str:kind>/", TakeStep.as_view(), name="take-step"),
    path("evidence/<int:pk>/", EvidenceFile.as_view(), name="evidence"),
    path("waits/<int:number>/answer/", AnswerWait.as_view(), name="wait-answer"),
    # departments
    path("my-work/", MyWork.as_view(), name="my-work"),
    path("departments/", DepartmentList.as_view(), name="department-list"),
    path("departments/<int:pk>/", DepartmentDetail.as_view(), name="department"),
    path("departments/<int:pk>/remark/", GiveRemark.as_view(), name="remark"),
    path("calendar/", DeadlineCalendar.as_view(), name="calendar"),
    path(
        "calendar/<str:key>.ics",
        login_not_required(DeadlineFeed.as_view()),
        name="deadline-feed",
    ),
    # verification
    path("verification/", Verification.as_view(), name="verification"),
    path("verification/<int:pk>/", Verify.as_view(), name="verify"),
    # lists
    path("lists/", ListArchive.as_view(), name="list-archive"),
    path("lists/compare/", CompareLists.as_view(), name="list-compare"),
    path("lists/forecast/", ListForecast.as_view(), name="list-forecast"),
    path("lists/<int:number>/", ReadList.as_view(), name="list"),
    path("lists/<int:number>/verify/", VerifyList.as_view(), name="list-verify"),
    path("lists/<int:number>/<str:form>/", ListFile.as_view(), name="list-file"),
    # letters
    path("letters/", LetterList.as_view(), name="letter-list"),
    path("letters/draft/<str:kind>/", DraftLetter.as_view(), name="letter-draft"),
    path("letters/<int:pk>/", LetterDetail.as_view(), name="letter"),
    path("letters/<int:pk>/step/<str:step>/", TakeLetterStep.as_view(), name="letter-step"),
    path("letters/<int:pk>/file/<str:form>/", LetterFile.as_view(), name="letter-file"),
    path("letters/<int:pk>/scan/", LetterScan.as_view(), name="letter-scan"),
    # meetings
    path("meetings/", MeetingList.as_view(), name="meeting-list"),
    path("meetings/plan/", PlanMeeting.as_view(), name="meeting-plan"),
    path("meetings/<int:pk>/", MeetingDetail.as_view(), name="meeting"),
    path("meetings/<int:pk>/edit/", EditMeeting.as_view(), name="meeting-edit"),
    path("meetings/<int:pk>/prepare/", PrepareMeeting.as_view(), name="meeting-prepare"),
    path("meetings/<int:pk>/add/", AddToAgenda.as_view(), name="meeting-add"),
    path("meetings/<int:pk>/agenda/", ChangeAgenda.as_view(), name="meeting-agenda"),
    path("meetings/<int:pk>/conclude/", ConcludeGenerally.as_view(), name="meeting-general"),
    path("meetings/<int:pk>/close/", CloseMeeting.as_view(), name="meeting-close"),
    path("meetings/<int:pk>/cancel/", CancelMeeting.as_view(), name="meeting-cancel"),
    path("meetings/<int:pk>/notice/", NumberNotice.as_view(), name="meeting-notice"),
    path("meetings/<int:pk>/items/<int:place>/", SpeakingDepartment.as_view(), name="meeting-item"),
    path(
        "meetings/<int:pk>/items/<int:place>/noted/",
        ConcludeNoted.as_view(),
        name="meeting-noted",
    ),
    path("meetings/<int:pk>/items/<int:place>/task/", ConcludeTask.as_view(), name="meeting-task"),
    path(
        "meetings/<int:pk>/items/<int:place>/tasks/<int:task>/<str:kind>/",
        ConcludeDecision.as_view(),
        name="meeting-decision",
    ),
]
