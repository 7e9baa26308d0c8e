"""batonlab - real directors, real packets: the parts of which the lab's tests and `script/demo` are made.

netns      network namespaces and the switch between them
wire       what passes on the switch's ports, with the kernel's time of arrival
director   one director: its daemon's start, stop and kill, its addresses, its IPVS table
pair       two directors on one switch, VRRP alone: one scenario, its trace
cluster    whole LVS-NAT, -DR and -TUN clusters with real servers and a client
client     the client that asks the VIP all the time; server: a real server
uml        the same things inside user-mode Linux, where the kernel here has no ip_vs
"""
