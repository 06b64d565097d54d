"""§4: ola, identificar, a ficha que assume e que volta, renomear, encerrar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformidade.linha import Linha, Processo, esperar, quadro

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]

FORA_ANTES_DE_IDENTIFICAR: list[tuple[str, dict[str, Any]]] = [
    ("renomear", {"nome": "x"}), ("salas", {}), ("entrar", {"sala": "geral"}), ("criar", {"sala": "x"}), ("sair", {"sala": "geral"}),
    ("mensagem", {"sala": "geral", "texto": "x"}), ("historico", {"sala": "geral"}), ("digitando", {"sala": "geral"}), ("usuarios", {}),
]  # fmt: skip


def test_ola(ligar: Ligar) -> None:
    """O que o servidor diz de si."""
    resposta = ligar().ok("ola", versao=1, programa="x" * 64)
    assert resposta["versao"] == 1 and resposta["cifrado"] is False
    assert resposta["servidor"].keys() == {"nome", "versao"} and resposta["servidor"]["nome"] == "Chat Multissala"
    assert resposta["limites"] == {
        "quadro_bytes": 65_536, "texto": 4_000, "nome": 24, "sala": 32, "historico": 200, "salas_por_usuario": 20,
        "mensagens_por_s": 0, "rajada": 0,
    }  # fmt: skip


@pytest.mark.parametrize("versao", [-1, 0, 2, 9_007_199_254_740_991])
def test_outra_versao(ligar: Ligar, versao: int) -> None:
    """`versao_incompativel` e fecha."""
    linha = ligar()
    assert linha.erro("versao_incompativel", "ola", versao=versao)["campo"] == "versao"
    assert linha.ate_fechar() == []


def test_a_ordem_da_conexao(ligar: Ligar, novo: Novo) -> None:
    """Cada pedido no seu momento; fora dele, `fora_de_ordem`, e a conexão continua."""
    linha = ligar()
    for tipo, campos in [*FORA_ANTES_DE_IDENTIFICAR, ("ping", {}), ("encerrar", {}), ("identificar", {"nome": "x"})]:
        linha.erro("fora_de_ordem", tipo, **campos)
    linha.ok("ola", versao=1)
    for tipo, campos in [*FORA_ANTES_DE_IDENTIFICAR, ("ola", {"versao": 1})]:
        linha.erro("fora_de_ordem", tipo, **campos)
    linha.ok("ping")
    linha.ok("identificar", nome=novo("u"))
    linha.erro("fora_de_ordem", "identificar", nome=novo("u"))
    linha.erro("fora_de_ordem", "ola", versao=1)


def test_encerrar_antes_de_identificar(ligar: Ligar) -> None:
    """Vale a partir de `ola`."""
    linha = ligar()
    linha.ok("ola", versao=1)
    linha.ok("encerrar")
    assert linha.ate_fechar() == []


def test_identificar(ligar: Ligar, novo: Novo) -> None:
    """Quem chega novo recebe uma ficha e nenhuma sala; tentar de novo é permitido."""
    ana, bob, nome = ligar(), ligar(), novo("Ana")
    assert ana.apresentar(nome) == {
        "tipo": "ok", "id": 2, "nome": nome, "registrado": False, "sessao": ana.ficha, "salas": [],
    }  # fmt: skip
    assert 16 <= len(ana.ficha) <= 128
    bob.ok("ola", versao=1)
    for ficha in ("", "inventada", ana.ficha[:-1], "x" * 3_000):
        bob.erro("nome_em_uso", "identificar", nome=nome.upper(), sessao=ficha)
    outra = bob.ok("identificar", nome=novo("Bob"), sessao=ana.ficha)
    assert outra["sessao"] != ana.ficha and outra["salas"] == []
    ana.ok("ping")


def test_assumir(ligar: Ligar, novo: Novo) -> None:
    """A conexão antiga recebe o motivo e fecha; ninguém na sala percebe, e nada falta nem sobra."""
    antiga, vizinho, sala = ligar("ana"), ligar("bob"), novo("s")
    entrada = antiga.ok("entrar", sala=sala)
    vizinho.ok("entrar", sala=sala)
    vizinho.ok("mensagem", sala=sala, texto="antes")
    vizinho.chegados()
    nova = ligar()
    resposta = nova.apresentar(antiga.nome.upper(), antiga.ficha)
    assert (resposta["nome"], resposta["sessao"], resposta["salas"]) == (antiga.nome, antiga.ficha, [sala])
    despedida = antiga.ate_fechar()
    assert [objeto["tipo"] for objeto in despedida] == ["entrou", "mensagem", "desconectado"]
    assert despedida[-1]["motivo"] == "assumido"
    assert vizinho.chegados() == []
    vizinho.ok("mensagem", sala=sala, texto="depois")
    assert nova.evento("mensagem")["seq"] == 2
    de_novo = nova.ok("entrar", sala=sala, desde=0, sala_id=entrada["sala_id"])
    assert [m["texto"] for m in de_novo["historico"]] == ["antes", "depois"] and de_novo["moderador"] is True
    assert [objeto["tipo"] for objeto in vizinho.chegados()] == ["mensagem"]
    nova.ok("mensagem", sala=sala, texto="minha")
    assert vizinho.evento("mensagem", texto="minha")["de"] == antiga.nome


def test_assumir_em_corrente(ligar: Ligar, novo: Novo) -> None:
    """Muitas vezes seguidas, com mensagens no ar: cada uma aparece uma vez, em ordem."""
    atual, vizinho, sala = ligar("ana"), ligar("bob"), novo("s")
    atual.ok("entrar", sala=sala)
    vizinho.ok("entrar", sala=sala)
    for numero in range(15):
        atual.cru(b"".join(quadro({"tipo": "mensagem", "sala": sala, "texto": f"{numero}-{n}"}) for n in range(5)))
        nova = ligar()
        nova.apresentar(atual.nome, atual.ficha)
        assert atual.ate_fechar()[-1]["motivo"] == "assumido"
        atual = nova
    atual.ok("mensagem", sala=sala, texto="fim")
    eventos = vizinho.chegados()
    assert {objeto["tipo"] for objeto in eventos} == {"mensagem"}
    assert [objeto["seq"] for objeto in eventos] == list(range(1, len(eventos) + 1))


@pytest.mark.parametrize("como", ["largar", "fechar"])
def test_cair_e_voltar(ligar: Ligar, novo: Novo, como: str) -> None:
    """O nome e o lugar esperam; quem volta entra de novo, com o papel que tinha e o que perdeu."""
    ana, bob, sala, outra = ligar("ana"), ligar("bob"), novo("a"), novo("b")
    entrada = ana.ok("entrar", sala=sala)
    ana.ok("entrar", sala=outra)
    bob.ok("entrar", sala=sala)
    ana.ok("mensagem", sala=sala, texto="um")
    getattr(ana, como)()
    assert bob.evento("saiu") == {"tipo": "saiu", "sala": sala, "nome": ana.nome, "total": 1, "motivo": "caiu"}
    bob.ok("mensagem", sala=sala, texto="dois")
    intruso = ligar()
    intruso.ok("ola", versao=1)
    intruso.erro("nome_em_uso", "identificar", nome=ana.nome)
    intruso.ok("identificar", nome=novo("u"))
    intruso.erro("nome_em_uso", "renomear", nome=ana.nome)
    assert intruso.ok("entrar", sala=outra)["moderador"] is False, "quem entra numa sala que espera é membro comum"
    volta = ligar()
    assert volta.apresentar(ana.nome, ana.ficha)["salas"] == sorted([sala, outra])
    volta.erro("fora_da_sala", "mensagem", sala=sala, texto="ainda não entrei")
    bob.chegados()
    de_volta = volta.ok("entrar", sala=sala, desde=1, sala_id=entrada["sala_id"])
    assert [m["texto"] for m in de_volta["historico"]] == ["dois"]
    assert (de_volta["moderador"], de_volta["ha_mais"], "recomecou" in de_volta) == (True, False, False)
    assert bob.chegados() == [{"tipo": "entrou", "sala": sala, "nome": ana.nome, "total": 2}]
    assert volta.ok("entrar", sala=outra)["moderador"] is True
    assert [objeto["tipo"] for objeto in intruso.chegados()] == ["entrou"]


def test_desistir_do_lugar_que_espera(ligar: Ligar, novo: Novo) -> None:
    """`sair` de onde se caiu: ninguém vê outra saída, e a moderação passa a quem ficou."""
    ana, bob, sala, so_dela = ligar("ana"), ligar("bob"), novo("a"), novo("b")
    for nome in (sala, so_dela):
        ana.ok("entrar", sala=nome)
    bob.ok("entrar", sala=sala)
    ana.largar()
    bob.evento("saiu", motivo="caiu")
    volta = ligar()
    volta.apresentar(ana.nome, ana.ficha)
    volta.ok("sair", sala=sala)
    volta.ok("sair", sala=so_dela)
    assert bob.chegados() == [{"tipo": "moderador", "sala": sala, "nome": bob.nome, "valor": True}]
    assert so_dela not in [resumo["sala"] for resumo in bob.ok("salas")["salas"]]
    assert volta.ok("entrar", sala=sala)["moderador"] is False
    volta.erro("fora_da_sala", "sair", sala=so_dela)


def test_encerrar_mata_a_ficha(ligar: Ligar, novo: Novo) -> None:
    """O nome fica livre na hora, e a ficha já não devolve nada."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    ana.ok("entrar", sala=sala)
    bob.ok("entrar", sala=sala)
    ana.ok("encerrar")
    assert [objeto["tipo"] for objeto in ana.ate_fechar()] == ["entrou"]
    assert bob.evento("saiu")["motivo"] == "saiu"
    outra = ligar()
    resposta = outra.apresentar(ana.nome, ana.ficha)
    assert resposta["salas"] == [] and resposta["sessao"] != ana.ficha


def test_renomear(ligar: Ligar, novo: Novo) -> None:
    """Conta uma vez a cada vizinho, acompanha o criador, mantém a ficha; o dito fica com o nome antigo."""
    ana, bob, longe, uma, outra = ligar("ana"), ligar("bob"), ligar("caio"), novo("a"), novo("b")
    for sala in (uma, outra):
        ana.ok("entrar", sala=sala)
        bob.ok("entrar", sala=sala)
    ana.ok("mensagem", sala=uma, texto="antes")
    for linha in (ana, bob, longe):
        linha.chegados()
    ana.erro("nome_em_uso", "renomear", nome=bob.nome.upper())
    ana.erro("nome_invalido", "renomear", nome="Servidor")
    antigo, recente = ana.nome, novo("Ána")
    assert ana.ok("renomear", nome=recente)["nome"] == recente
    assert bob.chegados() == [{"tipo": "renomeado", "de": antigo, "para": recente}]
    assert ana.chegados() == longe.chegados() == []
    ana.ok("mensagem", sala=uma, texto="depois")
    assert [m["de"] for m in bob.ok("historico", sala=uma)["mensagens"]] == [antigo, recente]
    assert {s["sala"]: s["criador"] for s in bob.ok("salas")["salas"]}[uma] == recente
    assert ana.ok("renomear", nome=recente.upper())["nome"] == recente.upper()
    longe.ok("renomear", nome=antigo)
    nova = ligar()
    assert sorted(nova.apresentar(recente, ana.ficha)["salas"]) == sorted([uma, outra])


def test_o_criador_acompanha_o_nome_mesmo_fora_da_sala(ligar: Ligar, novo: Novo) -> None:
    """Quem pega o nome antigo não aparece como criador."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    ana.ok("entrar", sala=sala)
    bob.ok("entrar", sala=sala)
    ana.ok("sair", sala=sala)
    recente = novo("nova")
    ana.ok("renomear", nome=recente)
    assert {s["sala"]: s["criador"] for s in bob.ok("salas")["salas"]}[sala] == recente


def test_kill_9_e_voltar(discar: Discar, abrir: Abrir) -> None:
    """Reiniciado, o servidor devolve nome, lugares, papéis, histórico e `ref`; as salas de ninguém não voltam."""
    processo = abrir("--taxa", "0")
    ana, bob = discar(processo, "Ana"), discar(processo, "Bob")
    entrada = ana.ok("entrar", sala="turma")
    bob.ok("entrar", sala="turma")
    bob.ok("entrar", sala="vazia")
    bob.ok("sair", sala="vazia")
    feitas = [ana.ok("mensagem", sala="turma", texto=f"m{n}", ref=f"ref-{n}") for n in range(30)]
    processo.matar()
    processo.reabrir()
    intruso, volta = discar(processo, "Caio"), discar(processo)
    intruso.erro("nome_em_uso", "renomear", nome="Ana")
    assert [s["sala"] for s in intruso.ok("salas")["salas"]] == ["geral", "turma"]
    assert volta.apresentar("Ana", ana.ficha)["salas"] == ["turma"]
    de_volta = volta.ok("entrar", sala="turma", desde=28, sala_id=entrada["sala_id"])
    assert (de_volta["sala_id"], de_volta["moderador"], de_volta["ultima_seq"]) == (entrada["sala_id"], True, 30)
    assert [m["seq"] for m in de_volta["historico"]] == [29, 30]
    repetida = volta.ok("mensagem", sala="turma", texto="outra coisa", ref="ref-7")
    assert repetida == {**feitas[7], "id": repetida["id"], "repetida": True}
    assert volta.ok("mensagem", sala="turma", texto="nova")["seq"] == 31
    outro = discar(processo)
    assert outro.apresentar("bob", bob.ficha)["salas"] == ["turma"]
    assert outro.ok("entrar", sala="turma")["moderador"] is False
    assert [m["texto"] for m in outro.ok("historico", sala="turma", limite=2)["mensagens"]] == ["m29", "nova"]


def test_servidor_cheio(discar: Discar, abrir: Abrir) -> None:
    """Conta os identificados; quem traz ficha sempre cabe, e quem não cabe pode esperar na linha."""
    processo = abrir("--max-clientes", "2")
    ana = discar(processo, "Ana")
    discar(processo, "Bob")
    caio = discar(processo)
    caio.ok("ola", versao=1)
    caio.erro("servidor_cheio", "identificar", nome="Caio")
    caio.erro("nome_em_uso", "identificar", nome="Ana")
    outra = discar(processo)
    outra.apresentar("Ana", ana.ficha)
    outra.ok("encerrar")
    esperar(lambda: caio.pedir("identificar", nome="Caio")["tipo"] == "ok")
