"""Duas máquinas de verdade para a rede: dois espaços de rede do Linux e um cabo entre eles, que se puxa."""
