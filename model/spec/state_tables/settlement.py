"""States of settlement, entitlement and information."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, level

SETTLEMENT: Final[tuple[ChannelState, ...]] = (
    level("settlement", "rent_parity", "share", 0.0, 0.0, 1.0, "how far a tenant may register like a buyer; 0 not at all, 1 without landlord consent", "租房落户与购房落户的同等程度:0为不能,1为无需房东同意"),
    level("settlement", "habitual_share", "share", 0.0, 0.0, 1.0, "share of residents of six months or more who may register by habitual residence alone", "可仅凭经常居住地登记户口的半年以上常住居民比例"),
    level("settlement", "family_form_share", "share", 0.4, 0.0, 1.0, "share of registrations without an own home that are made as a family household", "无自有住房者以家庭户形式落户的比例"),
    level("settlement", "entry_limit", "ratio", 1.0, 0.0, 2.0, "remaining entry limit, multiplies residual_barrier; 1 practice, 0 abolished", "剩余落户门槛(乘以residual_barrier):1为现行,0为全面取消"),
    level("settlement", "admin_delay", "ratio", 1.0, 0.05, 3.0, "time and trips per registration against practice; 1 practice, lower is faster", "办理一次登记的时间与跑动相对现行的倍数:1为现行,越低越快"),
    level("income", "resident_contribution_yuan_year", "yuan/person/year", 350.0, 0.0, 3000.0, "own contribution to the resident medical and pension scheme", "城乡居民保险个人缴费标准"),
    level("information", "awareness_speed", "ratio", 1.0, 0.0, 10.0, "speed at which households learn of rules against practice; 1 practice", "居民知晓政策的速度相对现行的倍数"),
    level("entitlement", "entitlement", "share", 0.7, 0.0, 1.0, "parity of services for residents without local registration; 0.7 practice, 1 equal. The share closed of the gap left by practice is (entitlement - 0.7) / 0.3", "非户籍常住居民公共服务同等程度:0.7为现行,1为同等。已缩小差距比例为(entitlement−0.7)/0.3"),
)
