"""Every VRRP differential case: {name: Case}; those of ipvlans where the kernel has some."""
from . import vrrp_cases_ipvlan, vrrp_cases_kernel, vrrp_cases_protocol, vrrp_cases_reload, vrrp_cases_settings, vrrp_cases_tracking
from .netns import has_ipvlan

CASES = {**vrrp_cases_protocol.CASES, **vrrp_cases_kernel.CASES, **vrrp_cases_tracking.CASES, **vrrp_cases_reload.CASES,
         **vrrp_cases_settings.CASES, **(vrrp_cases_ipvlan.CASES if has_ipvlan() else {})}
