"""Every VRRP differential case: {name: Case}."""
from . import vrrp_cases_kernel, vrrp_cases_protocol, vrrp_cases_reload, vrrp_cases_settings, vrrp_cases_tracking

CASES = {**vrrp_cases_protocol.CASES, **vrrp_cases_kernel.CASES, **vrrp_cases_tracking.CASES,
         **vrrp_cases_reload.CASES, **vrrp_cases_settings.CASES}
