"""Os quadros que se atiram: cada um sai de uma semente, e sabe-se o que o servidor pode fazer com ele."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protocolo.limites import QUADRO_DO_CLIENTE_BYTES
from protocolo.mensagens import PEDIDOS
from protocolo.quadros import enquadrar

SALAS = ("geral", "aula", "bola", "#Aula", "nenhuma")
BONS: dict[str, tuple[Any, ...]] = {
    "sala": SALAS,
    "nome": ("Vizinho 1", "Estrago 1", "estrago 2", "Ninguém"),
    "para": ("Vizinho 2", "Estrago 1", "Ninguém"),
    "texto": ("oi", "çãé 😀", "/help", "/join #bola", "/usuarios", "/stats", "/xyz", "//x", "/", "/msg \"", "x" * 900),
    "versao": (1, 1, 2),
    "sessao": ("x",),
    "ref": ("r1", "r2"),
    "criar": (True, False),
    "acompanhar": (True, False),
    "assunto": ("", "Frações"),
    "motivo": ("", "por quê"),
    "depois_de": ("", "b", "#geral"),
    "programa": ("fuzz",),
    "historico": (0, 1, 3),
    "limite": (1, 3),
}
NUMEROS = (0, 1, 2, 50, 2**53 - 1)
RUINS: tuple[Any, ...] = (
    None, True, False, -1, 1.5, 2**53, -(2**63), 10**30, "", " ", "x" * 70, "y" * 5_000, "\x00", "\x1b[2J", "\ud800",
    "\u202e", "e\u0301" * 40, "a" + "\u0301" * 3_000, "\u3164", "\u2028", "#", "'" * 24, "/", "\n", "😀" * 30, "٣", "ﬁ", "İ",
    "ß" * 24, [], {}, [[1]], {"a": {"b": []}}, ["x"] * 300,
)  # fmt: skip
# Um resumo de senha custa 34 ms ao servidor: sai pouco, ou o ensaio mediria só isso.
TIPOS = tuple(tipo for tipo in PEDIDOS if tipo not in ("registrar", "encerrar", "ola"))
COM_SENHA = ("registrar", "entrar", "criar")
PEDACOS_DE_LIXO = (b"\0", b"[", b"{", b'"', b"\\u", b"\\ud800", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbb\xbf", b"9" * 40, b"1e999", b"NaN", b",", b":")
OUTRAS_LINGUAS = (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"*1\r\n$4\r\nPING\r\n", b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", b"\xff" * 40)


@dataclass(frozen=True, slots=True)
class Tiro:
    """``corta``: depois destes bytes o fluxo não tem mais onde recomeçar."""

    especie: str
    dados: bytes
    corta: bool = False


class Municao:
    """Uma fonte sem fim de tiros, sempre os mesmos para a mesma sorte."""

    def __init__(self, sorte: random.Random) -> None:
        self._sorte = sorte
        self._especies: tuple[tuple[int, Callable[[], Tiro]], ...] = (
            (400, self._inteiro), (250, self._mutado), (60, self._lixo), (60, self._utf8), (40, self._fundo), (60, self._numeros),
            (40, self._vazio), (40, self._nao_objeto), (20, self._repetido), (5, self._enorme), (2, self._com_senha),
            (8, self._cortado), (8, self._grande), (5, self._outra_lingua),
        )  # fmt: skip
        self._pesos = [peso for peso, _ in self._especies]

    def proximo(self) -> Tiro:
        """O próximo tiro."""
        return self._sorte.choices(self._especies, self._pesos)[0][1]()

    def pedido(self, tipo: str | None = None) -> dict[str, Any]:
        """Um pedido quase certo: às vezes falta um campo, sobra outro, ou um valor é de outro mundo."""
        sorte = self._sorte
        tipo = tipo or sorte.choice(TIPOS)
        objeto: dict[str, Any] = {"tipo": tipo}
        for campo in PEDIDOS[tipo]:
            if campo not in ("senha", "senha_atual") and sorte.random() < 0.85:
                objeto[campo] = sorte.choice(BONS.get(campo, NUMEROS)) if sorte.random() < 0.8 else sorte.choice(RUINS)
        if sorte.random() < 0.7:
            objeto["id"] = sorte.choice(("a", 7, "é" * 64, sorte.choice(RUINS)))
        if sorte.random() < 0.08:
            objeto[sorte.choice(("tipo", "id", "xis", "de", "seq", "hora"))] = sorte.choice(RUINS)
        return objeto

    def _inteiro(self) -> Tiro:
        return Tiro("pedido", enquadrar(_escrever(self.pedido())))

    def _mutado(self) -> Tiro:
        sorte, carga = self._sorte, bytearray(_escrever(self.pedido()))
        for _ in range(sorte.randrange(1, 5)):
            onde = sorte.randrange(len(carga) + 1)
            carga[onde : onde + sorte.randrange(4)] = sorte.choice((b"", sorte.randbytes(1), sorte.choice(PEDACOS_DE_LIXO)))
        return Tiro("mutado", enquadrar(bytes(carga)))

    def _lixo(self) -> Tiro:
        return Tiro("lixo", enquadrar(self._sorte.randbytes(self._sorte.choice((1, 2, 4, 30, 300, 3_000)))))

    def _utf8(self) -> Tiro:
        ruim = self._sorte.choice((b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80"))
        texto = self._sorte.choice((b"oi ", b"")) + ruim * self._sorte.randrange(1, 4)
        return Tiro("utf-8", enquadrar(b'{"tipo":"mensagem","sala":"geral","texto":"' + texto + b'"}'))

    def _fundo(self) -> Tiro:
        abre = self._sorte.choice((b"[", b'{"a":'))
        niveis = self._sorte.choice((30, 32, 33, 100, 700))
        fecha = (b"]" if abre == b"[" else b"}") * niveis if self._sorte.random() < 0.5 else b""
        return Tiro("fundo", enquadrar(b'{"tipo":"ping","a":' + abre * niveis + (b"1" if abre != b"[" else b"") + fecha + b"}"))

    def _numeros(self) -> Tiro:
        numero = self._sorte.choice((b"9" * 3_500, b"1e999", b"-1e999", b"NaN", b"-Infinity", b"9007199254740992", b"1" * 17, b"0" * 50, b"1e-999", b"-0", b"1.0", b"0x10"))
        campo = self._sorte.choice((b"id", b"desde", b"versao", b"xis"))
        return Tiro("número", enquadrar(b'{"tipo":"entrar","sala":"geral","' + campo + b'":' + numero + b"}"))

    def _vazio(self) -> Tiro:
        return Tiro("vazio", enquadrar(b"" if self._sorte.random() < 0.7 else b" "))

    def _nao_objeto(self) -> Tiro:
        return Tiro("não é objeto", enquadrar(self._sorte.choice((b"[]", b"null", b"1", b'"x"', b"true", b"{}{}", b"{} x", b'{"tipo":"ping","tipo":"ping"}'))))

    def _repetido(self) -> Tiro:
        return Tiro("em fila", enquadrar(_escrever(self.pedido("ping"))) * self._sorte.randrange(2, 6))

    def _enorme(self) -> Tiro:
        carga = _escrever(self.pedido("mensagem") | {"texto": "x" * self._sorte.choice((4_000, 16_000, 60_000))})
        return Tiro("enorme", enquadrar(carga[:QUADRO_DO_CLIENTE_BYTES]))

    def _com_senha(self) -> Tiro:
        tipo = self._sorte.choice(COM_SENHA)
        return Tiro("senha", enquadrar(_escrever({"tipo": tipo, "sala": "trancada", "senha": "segredo12", "id": 1})))

    def _cortado(self) -> Tiro:
        quadro = enquadrar(_escrever(self.pedido()))
        return Tiro("cortado", quadro[: self._sorte.randrange(1, len(quadro))], corta=True)

    def _grande(self) -> Tiro:
        tamanho = self._sorte.choice((QUADRO_DO_CLIENTE_BYTES + 1, 2**24, 2**31 - 1, 2**31, 2**32 - 1))
        return Tiro("grande demais", tamanho.to_bytes(4, "big") + self._sorte.randbytes(self._sorte.randrange(200)), corta=True)

    def _outra_lingua(self) -> Tiro:
        return Tiro("outra língua", self._sorte.choice(OUTRAS_LINGUAS), corta=True)


def _escrever(objeto: dict[str, Any]) -> bytes:
    """Escapado: um substituto solto passa no JSON, e quem o recusa é o servidor."""
    return json.dumps(objeto).encode()
