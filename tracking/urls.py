"""The staff portal's addresses about departments, tasks and lists."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from tracking.views.bulk import DecideMany
from tracking.views.calendar import DeadlineCalendar, DeadlineFeed
from tracking.views.comparison import CompareLists
from tracking.views.departments import DepartmentDetail, DepartmentList
from tracking.views.help import Help
from tracking.views.lists import ListArchive, ListFile, ListForecast, ReadList, VerifyList
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
]
