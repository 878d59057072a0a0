"""Channels: nothing set means nothing changed; what is set arrives late, in part, and at a cost."""

import numpy as np
import pytest

from model.channels import PAYERS, Channels
from model.effects import CARRIES
from model.spec.params import delivered_share
from model.spec.registry import REGISTRY
from model.spec.types import Payer
from model.world.quantities import unit_practice

UNITS = 4
QUANTITIES = {
    key: base * np.array([1.0, 0.37, 0.61, 0.83])
    for key, base in zip(REGISTRY.quantities, (500_000.0, 260_000.0, 240_000.0, 80_000.0, 100_000.0))
}
ALL_PAID = np.ones(UNITS)
KEYS = list(REGISTRY.levers)
P = REGISTRY.param_values()


def start(p=P) -> Channels:
    return Channels.start(REGISTRY, UNITS, QUANTITIES, p)


def at_practice() -> dict[str, np.ndarray]:
    return {key: unit_practice(lever, QUANTITIES, UNITS) for key, lever in REGISTRY.levers.items()}


def full(key: str) -> np.ndarray:
    """The end of the bounds that is farther from practice, shared out where practice is."""
    lever = REGISTRY.levers[key]
    end = max(lever.bounds, key=lambda b: abs(b - lever.practice))
    if lever.apportion is None:
        return np.full(UNITS, end)
    amounts = QUANTITIES[lever.apportion]
    return end * amounts / amounts.sum()


def run(values, months=60, p=P, delivery=ALL_PAID, first=0) -> Channels:
    channels = start(p)
    for month in range(months):
        channels.advance(values if month >= first else at_practice(), p, delivery, month)
    return channels


def states(channels: Channels) -> dict[str, bytes]:
    return {key: getattr(channels, key).tobytes() for key in REGISTRY.states}


def cost(channels: Channels) -> np.ndarray:
    return channels.cost_flow_yuan()


def test_practice_leaves_every_state_at_practice_to_the_last_bit():
    channels = run(at_practice())
    assert states(channels) == states(start())
    for key, state in REGISTRY.states.items():
        assert np.all(getattr(channels, key) == state.practice)
    assert not any(channels.touched.values())
    assert cost(channels).tobytes() == np.zeros((UNITS, len(PAYERS))).tobytes()


def test_levers_left_out_stay_at_practice():
    assert states(run({})) == states(start())


@pytest.mark.parametrize("key", KEYS)
def test_a_lever_at_practice_changes_nothing_whatever_the_parameters(key):
    p = REGISTRY.param_values({"implement_share": 0.93, f"implement_{key}": 0.7, "insurance_base": 0.31,
                               "debt_cap": 1.37, "transfer_per_convert": 2718.0})
    assert states(run({key: at_practice()[key]}, p=p)) == states(start(p))


@pytest.mark.parametrize("key", KEYS)
def test_at_full_strength_a_lever_moves_exactly_the_states_that_it_declares(key):
    lever, base = REGISTRY.levers[key], start()
    channels = run({key: full(key)})
    moved = {s for s in REGISTRY.states if not np.array_equal(getattr(channels, s), getattr(base, s))}
    if key == "childcare_places":
        moved |= channels.touched[key]  # places arrive while the level rises
    assert moved == channels.touched[key] == set(lever.writes)
    assert all(not seen for other, seen in channels.touched.items() if other != key)


def beside(key: str) -> dict[str, np.ndarray]:
    """Every lever but `key` half way to full strength."""
    return {k: 0.5 * (at_practice()[k] + full(k)) for k in KEYS if k != key}


@pytest.mark.parametrize("key", sorted(CARRIES))
def test_what_carries_others_changes_their_delivery(key):
    others = beside(key)
    with_it, without = run({**others, key: full(key)}, months=30), run(others, months=30)
    row = KEYS.index(key)
    changed = np.any(with_it.delivered != without.delivered, axis=1)
    assert changed.sum() > 10 and with_it.delivered[row].any()
    assert states(run({key: full(key)})) != states(start()), "its own state moves"


def test_others_follow_what_the_pilot_did_before():
    """A county without pilot status does in month t what it was set L months before; money rules hold at once."""
    pilot = np.array([True, False, False, False])
    lead, keys = 6, ("rental_housing_units", "service_entitlement_parity", "debt_ceiling")
    values = {key: full(key) for key in keys} | {"service_entitlement_parity": np.ones(UNITS)}
    values |= {"pilot_lead": np.full(UNITS, lead / 12.0 / P.implement_share)}
    p = REGISTRY.param_values({"pilot_learning": 0.0})

    def delivered(months):
        channels = Channels.start(REGISTRY, UNITS, QUANTITIES, p, pilot)
        for month in range(months):
            channels.advance(values, p, ALL_PAID, month)
        return channels.delivered[[KEYS.index(key) for key in keys]]

    early, late = delivered(24), delivered(24 + lead)
    share = np.array([QUANTITIES["urban_population"][1] / QUANTITIES["urban_population"][0], 1.0])
    np.testing.assert_allclose(late[:2, 1], early[:2, 0] * share, rtol=1e-12)
    assert np.all(early[:2, 1] != late[:2, 1]) and early[2, 1] == early[2, 0]
    first = delivered(lead)
    assert np.all(first[1, 1:] == 0.0) and first[1, 0] > 0.0


def test_who_follows_a_pilot_delivers_more_and_not_everything_gains_from_capacity():
    keys = ("rental_housing_units", "service_entitlement_parity")
    values = {keys[0]: full(keys[0]), keys[1]: np.ones(UNITS)}
    rows = [KEYS.index(key) for key in keys]
    plain = run(values).delivered[rows]
    led = run({**values, "pilot_lead": np.full(UNITS, 2.0)}, months=120).delivered[rows]
    assert np.all(led > run(values, months=120).delivered[rows])
    able = run({**values, "delivery_capacity": np.full(UNITS, 0.9)}).delivered[rows]
    assert np.all(able[0] > plain[0]), "works that show are delivered"
    assert np.all(able[1] < plain[1]), "rules that are not scored slip"


@pytest.mark.parametrize("key", KEYS)
def test_nothing_happens_before_a_lever_starts(key):
    early = run({key: full(key)}, months=12, first=12)
    assert states(early) == states(start())


@pytest.mark.parametrize("key", KEYS)
def test_a_lever_in_one_unit_leaves_the_others_alone(key):
    value = at_practice()[key].copy()
    value[2] = full(key)[2]
    channels, base = run({key: value}), start()
    others = [0, 1, 3]
    for state in REGISTRY.states:
        assert getattr(channels, state)[others].tobytes() == getattr(base, state)[others].tobytes()
    assert np.all(cost(channels)[others] == 0.0)


@pytest.mark.parametrize("key", [k for k, x in REGISTRY.levers.items() if x.flow and x.lead_months > 0])
def test_a_flow_arrives_after_its_lead_time_and_in_part(key):
    lever = REGISTRY.levers[key]
    before = run({key: full(key)}, months=lever.lead_months)
    after = run({key: full(key)}, months=lever.lead_months + 1)
    row = KEYS.index(key)
    assert np.all(before.delivered[row] == 0.0)
    change = full(key) - at_practice()[key]
    np.testing.assert_allclose(after.delivered[row], change * delivered_share(P, key), rtol=1e-12)


def test_a_level_closes_its_distance_over_its_lead_time():
    key = "service_entitlement_parity"
    lead = REGISTRY.levers[key].lead_months
    reached = [run({key: np.ones(UNITS)}, months=m).entitlement[0] for m in (1, lead, 20 * lead)]
    target = 0.7 + 0.3 * P.implement_share
    assert reached[0] == pytest.approx(0.7 + (target - 0.7) / lead)
    assert reached[0] < reached[1] < reached[2] == pytest.approx(target, abs=1e-6)


def test_placebo_announced_and_not_delivered_changes_no_state():
    """A county that can pay for nothing announces every lever that needs its money."""
    paid_by_county = {k: full(k) for k, x in REGISTRY.levers.items()
                      if x.payer is Payer.COUNTY and x.unit_cost_yuan != 0.0}
    broke = run(paid_by_county, delivery=np.zeros(UNITS))
    assert len(paid_by_county) > 15 and states(broke) == states(start())
    assert np.all(cost(broke) == 0.0)


def test_what_others_pay_does_not_wait_for_the_county():
    assert states(run({"hemei_villages": full("hemei_villages")}, delivery=np.zeros(UNITS))) == states(
        run({"hemei_villages": full("hemei_villages")}))


def test_cuts_below_practice_need_no_money_and_save_some():
    nothing = {"school_seats": np.zeros(UNITS)}
    channels = run(nothing, delivery=np.zeros(UNITS))
    assert np.all(channels.school_seats_flow < 0.0)
    assert np.all(cost(channels)[:, PAYERS.index(Payer.COUNTY)] < 0.0)


def test_costs_are_building_plus_upkeep():
    key = "rental_housing_units"
    lever, months = REGISTRY.levers[key], 30
    channels = run({key: 2.0 * at_practice()[key]}, months=months)
    yearly = at_practice()[key] * P.implement_share
    built = yearly / 12.0 * (months - lever.lead_months)
    wanted = lever.unit_cost_yuan * (yearly / 12.0 + lever.upkeep_share_year / 12.0 * built)
    np.testing.assert_allclose(cost(channels)[:, PAYERS.index(Payer.COUNTY)], wanted, rtol=1e-12)
    np.testing.assert_allclose(channels.public_rental_flow, yearly / 12.0, rtol=1e-12)


def test_a_benefit_costs_its_amount_times_its_recipients():
    key = "social_protection_topup"
    channels = run({key: np.full(UNITS, 600.0)})
    recipients = QUANTITIES["resident_population"] * P.topup_recipient_share
    np.testing.assert_allclose(
        channels.cost_to_households_yuan().sum(axis=1), recipients * channels.social_topup_yuan_month, rtol=1e-12)
    np.testing.assert_allclose(channels.cost_to_households_yuan(), cost(channels), rtol=1e-12)


def test_support_per_job_costs_its_amount_times_the_posts_planned():
    key = "labour_intensive_job_support"
    channels = run({key: np.full(UNITS, 5000.0)}, months=120)
    np.testing.assert_allclose(
        channels.lever_cost_yuan(key), 5000.0 * P.implement_share * channels.planned_jobs_flow, rtol=1e-3)
    assert np.all(channels.cost_to_firms_yuan().sum(axis=1) == channels.lever_cost_yuan(key))


def test_doubling_the_people_doubles_what_is_per_head_and_nothing_else():
    twice = {key: 2.0 * value for key, value in QUANTITIES.items()}
    value = {"labour_intensive_job_support": np.full(UNITS, 5000.0), "school_seats": full("school_seats")}
    large = Channels.start(REGISTRY, UNITS, twice, P)
    for month in range(60):
        large.advance(value, P, ALL_PAID, month)
    small = run(value)
    np.testing.assert_allclose(large.planned_jobs_flow, 2.0 * small.planned_jobs_flow, rtol=1e-12)
    np.testing.assert_allclose(large.school_seats_flow, small.school_seats_flow, rtol=1e-12)


def test_roads_shorten_trips_at_constant_elasticity_and_neglect_lengthens_them():
    key = "road_investment"
    better, worse = run({key: 2.0 * at_practice()[key]}), run({key: 0.0 * at_practice()[key]})
    built = P.implement_share * (60 - REGISTRY.levers[key].lead_months) / 12.0
    wanted = (1.0 + built / P.public_stock_years) ** -P.road_time_elast
    np.testing.assert_allclose(better.travel_time_factor, wanted, rtol=1e-12)
    assert np.all(worse.travel_time_factor > 1.0)


def test_insurance_closes_the_same_share_of_the_gap_from_any_start():
    p = REGISTRY.param_values({"insurance_base": 0.35, "implement_share": 0.5})
    channels = run({"social_insurance_compliance": np.ones(UNITS)}, months=2000, p=p)
    np.testing.assert_allclose(channels.insurance_compliance, 0.35 + 0.5 * 0.65, rtol=1e-9)


def test_states_stay_within_their_limits():
    p = REGISTRY.param_values({"implement_share": 0.999})
    channels = run({key: full(key) for key in KEYS}, months=200, p=p)
    for key, state in REGISTRY.states.items():
        array = getattr(channels, key)
        assert np.all((array >= state.low) & (array <= state.high)), key


def test_a_checkpoint_goes_on_as_if_nothing_had_happened():
    values = {key: full(key) for key in KEYS}
    whole, half = run(values, months=40), run(values, months=25)
    other = start()
    other.restore(half.arrays())
    for month in range(25, 40):
        other.advance(values, P, ALL_PAID, month)
    assert states(other) == states(whole)
    assert cost(other).tobytes() == cost(whole).tobytes()


def test_shares_in_place_of_counts_are_refused():
    shares = {key: value / value.sum() for key, value in QUANTITIES.items()}
    with pytest.raises(ValueError, match="counts"):
        Channels.start(REGISTRY, UNITS, shares)
    with pytest.raises(ValueError, match="missing"):
        Channels.start(REGISTRY, UNITS, {})


def test_no_lever_can_reach_a_constant_a_hazard_or_an_indicator():
    """States, parameters and indicators share no key that a lever writes; channels hold nothing else."""
    written = {state for lever in REGISTRY.levers.values() for state in lever.writes}
    assert written.isdisjoint(REGISTRY.params) and written.isdisjoint(REGISTRY.indicators)
    written_columns = {c.split(".")[1] for c in REGISTRY.columns}
    assert written.isdisjoint(written_columns)
    channels, before = start(), dict(P)
    channels.advance({key: full(key) for key in KEYS}, P, ALL_PAID, 0)
    assert dict(P) == before
    with pytest.raises(AttributeError):
        channels.asc_home = np.zeros(UNITS)
