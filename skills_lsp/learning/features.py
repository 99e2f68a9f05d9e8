"""The names of what the success model looks at, and each in words."""

REFERENCE_FEATURES = (
    "hour_of_day",
    "day_of_week",
    "invocation_count_24h",
    "avg_completion_rate_24h",
    "workflow_phase_encoded",
    "session_length_minutes",
    "user_skill_familiarity",
)
"""The seven that requirements name; each is taken at the use's own time, the use itself left out."""

MOMENT_FEATURES = (
    "hour_of_day",
    "day_of_week",
    "invocation_count_24h",
    "avg_completion_rate_24h",
    "session_length_minutes",
    "hour_sin",
    "hour_cos",
    "user_rate",
    "user_recent",
    "user_last_outcome",
    "user_streak",
    "position_in_session",
    "minutes_since_last",
    "session_effect",
    "time_effect",
    "streak_effect",
    "user_effect",
    "is_test_file",
    "code_complexity",
)
"""The same for every skill that could be used now."""

SKILL_FEATURES = (
    "workflow_phase_encoded",
    "user_skill_familiarity",
    "skill_rate",
    "skill_rate_ever",
    "user_skill_rate",
    "user_skill_rate_ever",
    "skill_recent",
    "user_skill_recent",
    "last_outcome_1",
    "last_outcome_2",
    "last_outcome_3",
    "hours_since_use",
    "skill_project_rate",
    "skill_language_rate",
    "skill_time_effect",
    "skill_effect",
    "user_skill_effect",
    "project_effect",
    "typical_duration",
    "pattern_present",
    "expected_log_odds",
)
"""Those of one skill."""

FEATURES = MOMENT_FEATURES + SKILL_FEATURES

WORDS = {
    "hour_of_day": "the hour of the day",
    "day_of_week": "the day of the week",
    "invocation_count_24h": "how much was run in the last day",
    "avg_completion_rate_24h": "how the runs of the last day went",
    "workflow_phase_encoded": "its phase of the work",
    "session_length_minutes": "how long this session has lasted",
    "user_skill_familiarity": "how often it worked for you",
    "hour_sin": "the hour of the day",
    "hour_cos": "the hour of the day",
    "user_rate": "how your runs go",
    "user_recent": "how your latest runs went",
    "user_last_outcome": "how your last run went",
    "user_streak": "your runs of luck",
    "position_in_session": "how many runs this session has had",
    "minutes_since_last": "the time since your last run",
    "session_effect": "how this session goes",
    "time_effect": "how runs go at this hour",
    "streak_effect": "how your last two runs went",
    "user_effect": "how your runs go",
    "skill_effect": "how it goes for everyone",
    "user_skill_effect": "how it goes for you",
    "project_effect": "how it goes in this project",
    "skill_rate_ever": "how it goes for everyone",
    "user_skill_rate_ever": "how it goes for you",
    "is_test_file": "whether this is a test file",
    "code_complexity": "how complex the code here is",
    "skill_rate": "how it goes for everyone",
    "user_skill_rate": "how it goes for you",
    "skill_recent": "how it went for everyone lately",
    "user_skill_recent": "how it went for you lately",
    "last_outcome_1": "its last outcome",
    "last_outcome_2": "its last outcome but one",
    "last_outcome_3": "its last outcome but two",
    "hours_since_use": "the time since you last used it",
    "skill_project_rate": "how it goes in this project",
    "skill_language_rate": "how it goes in this language",
    "skill_time_effect": "how it goes at this hour",
    "typical_duration": "how long it takes",
    "pattern_present": "whether something in the code calls for it",
    "expected_log_odds": "you, the skill and the place taken together",
}

PHASES = {"setup": 1.0, "execution": 2.0, "verification": 3.0, "deployment": 4.0}
"""An unknown phase is 0, and so not the first."""
