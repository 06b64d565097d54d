"""Números, horas e endereços como se leem em português. Puro: sem Tk."""

from __future__ import annotations

import time

TRAVESSAO = "—"
_SEGUNDOS_POR_DIA = 86_400
_SEM_FRACAO_A_PARTIR_DE = 100
_UNIDADES_DE_BYTES = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000))


def formatar_inteiro(valor: int) -> str:
    """``1284`` → ``1.284``."""
    return f"{valor:,}".replace(",", ".")


def formatar_ritmo(por_s: float) -> str:
    """Um ritmo por segundo, com uma casa enquanto ela diz algo: ``3,2``, ``0``, ``1.284``."""
    if por_s >= _SEM_FRACAO_A_PARTIR_DE or por_s == int(por_s):
        return formatar_inteiro(round(por_s))
    return f"{por_s:.1f}".replace(".", ",")


def formatar_bytes_por_s(bytes_por_s: float) -> str:
    """Um tráfego: ``640 B/s``, ``18 kB/s``, ``1,2 MB/s``."""
    for unidade, tamanho_bytes in _UNIDADES_DE_BYTES:
        if bytes_por_s >= tamanho_bytes:
            valor = bytes_por_s / tamanho_bytes
            texto = f"{valor:.1f}".replace(".", ",") if valor < 10 else formatar_inteiro(round(valor))
            return f"{texto} {unidade}/s"
    return f"{round(bytes_por_s)} B/s"


def formatar_duracao(duracao_s: float) -> str:
    """Um tempo decorrido: ``00:42:17``; depois de um dia, ``1 d 00:42:17``. Nunca negativo."""
    dias, resto = divmod(max(0, int(duracao_s)), _SEGUNDOS_POR_DIA)
    horas, resto = divmod(resto, 3600)
    minutos, segundos = divmod(resto, 60)
    relogio = f"{horas:02d}:{minutos:02d}:{segundos:02d}"
    return f"{dias} d {relogio}" if dias else relogio


def formatar_hora(hora_ms: int) -> str:
    """A hora local, sem segundos: ``10:32``."""
    return time.strftime("%H:%M", time.localtime(hora_ms / 1000))


def formatar_hora_exata(hora_ms: int) -> str:
    """A hora local com milissegundos: ``10:31:00.007``."""
    return time.strftime("%H:%M:%S", time.localtime(hora_ms // 1000)) + f".{hora_ms % 1000:03d}"


def formatar_latencia(latencia_ms: float | None) -> str:
    """``12 ms``; ``—`` quando ainda não se mediu."""
    if latencia_ms is None:
        return TRAVESSAO
    return "<1 ms" if latencia_ms < 1 else f"{formatar_inteiro(round(latencia_ms))} ms"


def formatar_endereco(endereco: str, porta: int) -> str:
    """O endereço como se digita, com colchetes em IPv6: ``192.168.0.15:12345``, ``[::1]:12345``."""
    return f"[{endereco}]:{porta}" if ":" in endereco else f"{endereco}:{porta}"


def contar(quantos: int, um: str, varios: str) -> str:
    """``1 usuário``, ``1.284 usuários``."""
    return f"{formatar_inteiro(quantos)} {um if quantos == 1 else varios}"
