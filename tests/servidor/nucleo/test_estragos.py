"""Pedidos estragados ao acaso: o núcleo nunca levanta, sempre responde, e quem está ao lado não percebe."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from protocolo.erros import Codigo
from protocolo.limites import INTEIRO_MAX
from protocolo.mensagens import PEDIDOS
from servidor.nucleo import senhas
from tests.servidor.nucleo.palco import Cena, OficinaLenta, Pessoa

PEDIDOS_POR_SEMENTE = 1_500
BONS: dict[str, list[Any]] = {
    "sala": ["geral", "#Aula", "bola", "nenhuma"],
    "nome": ["Ana", "Bia", "caio", "P1", "Ninguém"],
    "para": ["Ana", "Bia", "caio", "Ninguém"],
    "texto": ["oi", "/help", "/join #bola", "/nome Zé", "/expulsar Bia", "/stats", "/xyz", "//x", "/", "/historico 3", "sair",
              "/registrar segredo12", "/join #bola segredo12", "/entrar #nova segredo12"],
    "senha": ["segredo12", "errada123", "x"],
    "senha_atual": ["segredo12", "errada123"],
    "versao": [1, 2],
    "sessao": ["ficha-1", "x"],
    "ref": ["r1", "r2"],
    "criar": [True, False],
    "acompanhar": [True, False],
    "assunto": ["", "Frações"],
    "motivo": ["", "por quê"],
    "depois_de": ["", "b", "#geral"],
    "programa": ["teste"],
}
NUMEROS = [0, 1, 2, 5, 50, 200, INTEIRO_MAX]
RUINS: list[Any] = [
    None, True, False, -1, 0, 1.5, 2**53 - 1, "", " ", "x" * 70, "\x00", "\ud800", "\u202e", "e\u0301", [], {}, [[1]], {"a": 1}, "#",
    "#" * 3, "'" * 24, '"aspas" resto', "/", "//", "/join", '/msg "', "/expulsar \x1b", "\n", "😀" * 30, "٣", "ﬁ", "İ", "ß" * 24,
]  # fmt: skip


def pedido_ao_acaso(acaso: random.Random) -> bytes:
    """Um pedido quase certo: às vezes falta um campo, sobra outro, ou um valor é de outro mundo."""
    tipo = acaso.choice([*PEDIDOS, "mensagem", "comando", "entrar", "entrar"])
    objeto: dict[str, Any] = {"tipo": tipo}
    for campo in PEDIDOS[tipo]:
        if acaso.random() < 0.75 or campo in ("sala", "texto", "nome"):
            objeto[campo] = acaso.choice(BONS.get(campo, NUMEROS)) if acaso.random() < 0.85 else acaso.choice(RUINS)
    if acaso.random() < 0.8:
        objeto["id"] = acaso.choice(["a", 7, acaso.choice(RUINS)])
    if acaso.random() < 0.05:
        objeto[acaso.choice(["tipo", "id", "xis"])] = acaso.choice(RUINS)
    carga = bytearray(json.dumps(objeto).encode())
    if acaso.random() < 0.05:
        carga[acaso.randrange(len(carga))] = acaso.randrange(256)
    return bytes(carga)


@pytest.fixture(autouse=True)
def senhas_rapidas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resumos que não custam 34 ms cada um."""
    monkeypatch.setattr(senhas, "_N", 2)


class Plateia:
    """Quem manda os estragos; conectada de novo quando um deles a desliga."""

    def __init__(self, cena: Cena, acaso: random.Random) -> None:
        self.cena = cena
        self.acaso = acaso
        self.pessoas: dict[str, Pessoa] = {}

    def alguem(self) -> Pessoa:
        """Uma pessoa ligada, às vezes sem nome."""
        nome = self.acaso.choice(["Ana", "Bia", "caio", "P1", ""])
        pessoa = self.pessoas.get(nome)
        if pessoa is None or pessoa.fechada:
            pessoa = self.pessoas[nome] = self.cena.ligar()
            pessoa.mandar("ola", versao=1)
            if nome:
                pessoa.mandar("identificar", nome=nome, senha="segredo12")
                pessoa.mandar("entrar", sala=self.acaso.choice(["geral", "Aula", "bola"]))
        return pessoa


@pytest.mark.parametrize("semente", range(6))
def test_pedidos_estragados(semente: int) -> None:
    """Cada erro tem um código conhecido e uma frase; cada `id` válido, uma resposta; e uma testemunha segue a falar."""
    acaso = random.Random(semente)
    oficina = OficinaLenta()
    cena = Cena(taxa_por_s=acaso.choice([0, 10]), oficina=oficina)
    plateia = Plateia(cena, acaso)
    testemunha = cena.conectar("Testemunha", salas="geral")
    codigos = set(Codigo)
    for passo in range(PEDIDOS_POR_SEMENTE):
        pessoa = plateia.alguem()
        pessoa.mandar_cru(*[pedido_ao_acaso(acaso) for _ in range(acaso.randint(1, 3))])
        for objeto in pessoa.eventos("erro"):
            assert objeto["codigo"] in codigos and objeto["mensagem"].strip(), objeto
        while oficina.por_terminar and acaso.random() < 0.5:
            with cena.lote():
                oficina.por_terminar.pop(acaso.randrange(len(oficina.por_terminar)))()
        if acaso.random() < 0.05:
            cena.passar(acaso.choice([1, 61]))
        if passo % 100 == 0:
            cena.passar(1)
            conferir_senhas([*cena.publicados, *cena.arquivo.gravadas, *cena.arquivo.anotacoes])
            testemunha.exigir("mensagem", sala="geral", texto="aqui")
            cena.esquecer()
            cena.publicados.clear()


def conferir_senhas(fatos: list[object]) -> None:
    """Nenhum fato, mensagem gravada ou anotação traz uma senha."""
    assert not any("segredo12" in repr(fato) or "errada123" in repr(fato) for fato in fatos)


@pytest.mark.parametrize("semente", range(3))
def test_uma_resposta_por_id(semente: int) -> None:
    """Pedidos estragados, mas com `id` único: exatamente uma resposta para cada um, na ordem."""
    acaso = random.Random(100 + semente)
    cena = Cena()
    plateia = Plateia(cena, acaso)
    for numero in range(PEDIDOS_POR_SEMENTE):
        pessoa = plateia.alguem()
        pessoa.eventos()
        pedidos = [json.loads(pedido_ao_acaso_bom(acaso)) | {"id": f"{numero}.{i}"} for i in range(acaso.randint(1, 4))]
        pessoa.mandar_cru(*[json.dumps(pedido).encode() for pedido in pedidos])
        respondidos = [o["id"] for o in pessoa.recebidos if o["tipo"] in ("ok", "erro")]
        esperados = [pedido["id"] for pedido in pedidos]
        if pessoa.fechada:
            assert respondidos == esperados[: len(respondidos)]
        else:
            assert respondidos == esperados, [(p, pessoa.recebidos) for p in pedidos]


def pedido_ao_acaso_bom(acaso: random.Random) -> bytes:
    """Um pedido ao acaso que ainda é um objeto JSON."""
    while True:
        carga = pedido_ao_acaso(acaso)
        try:
            if isinstance(json.loads(carga.decode()), dict):
                return carga
        except ValueError:
            continue
