"""The operations, one module per noun: functions of the state that return what they change."""
