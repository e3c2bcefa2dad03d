"""How customers come back: models of purchases and their value, what is ahead, and whose money is at risk."""

from forvent.assess.loyalty.at_risk import referral_shares, repeat_share, value_at_risk
from forvent.assess.loyalty.fitting import fit_candidates, fit_from_parameters, fit_purchases
from forvent.assess.loyalty.held_out import held_out, past_forecast, spread_of_past
from forvent.assess.loyalty.histories import (
    DAYS_A_WEEK,
    Histories,
    histories_from,
    histories_of_arrays,
    histories_of_days,
)
from forvent.assess.loyalty.likelihood import MODELS, MONTH_MODELS, PLAIN_MODELS
from forvent.assess.loyalty.outlook import Forecast, forecast, outlooks, total_ahead
from forvent.assess.loyalty.purchase_days import (
    came_back_within,
    customer_histories,
    purchase_days,
    repeat_ages,
    repeat_days_back,
)
from forvent.assess.loyalty.spend import fit_spend, mean_values

__all__ = [
    "DAYS_A_WEEK",
    "MODELS",
    "MONTH_MODELS",
    "PLAIN_MODELS",
    "Forecast",
    "Histories",
    "came_back_within",
    "customer_histories",
    "fit_candidates",
    "fit_from_parameters",
    "fit_purchases",
    "fit_spend",
    "forecast",
    "held_out",
    "histories_from",
    "histories_of_arrays",
    "histories_of_days",
    "mean_values",
    "outlooks",
    "past_forecast",
    "purchase_days",
    "referral_shares",
    "repeat_ages",
    "repeat_days_back",
    "repeat_share",
    "spread_of_past",
    "total_ahead",
    "value_at_risk",
]
