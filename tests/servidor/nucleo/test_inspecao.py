"""O que o inspetor mostra dos quadros, e o que nunca mostra (§9.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from servidor.nucleo import senhas
from servidor.nucleo.inspecao import sem_segredos
from tests.servidor.nucleo.palco import Cena

_SEGREDO = "s3gr3d0-muito"


@pytest.fixture(autouse=True)
def scrypt_barato(monkeypatch: pytest.MonkeyPatch) -> None:
    """O custo fica guardado ao lado do resumo."""
    monkeypatch.setattr(senhas, "_N", 16)


def vistos(cena: Cena) -> list[dict[str, Any]]:
    """As cargas vistas desde a vez anterior, abertas."""
    return [json.loads(quadro.carga) for quadro in cena.nucleo.quadros_vistos().quadros]


@pytest.mark.parametrize(
    "objeto",
    [
        {"tipo": "registrar", "senha": _SEGREDO, "senha_atual": _SEGREDO + "2"},
        {"tipo": "identificar", "nome": "Ana", "senha": _SEGREDO, "sessao": _SEGREDO},
        {"tipo": "criar", "sala": "x", "senha": _SEGREDO},
        {"tipo": "entrar", "sala": "x", "senha": [_SEGREDO]},
        {"tipo": "privada", "para": "Ana", "texto": _SEGREDO},
        {"tipo": "comando", "texto": f"/registrar {_SEGREDO}"},
        {"tipo": "comando", "texto": f"  /REGISTRAR\n{_SEGREDO}\noutra"},
        {"tipo": "comando", "texto": f"/registar {_SEGREDO}"},
        {"tipo": "mensagem", "sala": "x", "texto": f"/join #x {_SEGREDO}"},
        {"tipo": "mensagem", "sala": "x", "texto": f'/join "a b" {_SEGREDO}'},
        {"tipo": "mensagem", "sala": "x", "texto": f'/entrar "a"{_SEGREDO}'},
        {"tipo": "mensagem", "sala": "x", "texto": f'/entrar "a {_SEGREDO}'},
        {"tipo": "comando", "texto": f"/privado Ana {_SEGREDO}"},
        {"tipo": "comando", "texto": f"/MSG Ana {_SEGREDO}"},
        {"tipo": "comando", "texto": f"/msg\nAna {_SEGREDO}"},
    ],
)
def test_o_segredo_vira_pontos(objeto: dict[str, Any]) -> None:
    """E o resto continua lá, num JSON que se lê."""
    carga = sem_segredos(json.dumps(objeto).encode())
    assert _SEGREDO not in carga.decode() and "•" in carga.decode()
    assert json.loads(carga)["tipo"] == objeto["tipo"]


@pytest.mark.parametrize(
    "texto", ["/join #sala", "/join sala", '/join "a b"', "/entrar x ", "/registrar", "/help", "senha: oi", "/nome Ana", "registrar x"]
)
def test_o_que_nao_e_segredo_fica(texto: str) -> None:
    """A carga é a mesma, byte a byte."""
    carga = json.dumps({"tipo": "mensagem", "sala": "x", "texto": texto}).encode()
    assert sem_segredos(carga) == carga


@pytest.mark.parametrize(
    "carga",
    [
        f'{{"tipo":"registrar","senha":"{_SEGREDO}",}}',
        f'{{"tipo":"registrar","senha":"{_SEGREDO}","n":NaN}}',
        f'{{"tipo":"comando","texto":"/registrar {_SEGREDO}"',
        f'{{"tipo":"privada","para":"a","texto":"{_SEGREDO}","texto":"b"}}',
    ],
)
def test_quadro_que_nao_se_le_tambem_nao_conta(carga: str) -> None:
    """Um cliente com um defeito no JSON não faz a senha aparecer."""
    visto = sem_segredos(carga.encode()).decode()
    assert _SEGREDO not in visto and visto.startswith('{"tipo"')


def test_lixo_sem_segredo_aparece_como_veio() -> None:
    """É para isso que se inspeciona."""
    assert sem_segredos(b"\xff\xfe{lixo") == b"\xff\xfe{lixo"


def test_desligado_nao_junta_e_ligado_mostra_os_dois_sentidos() -> None:
    """Com direção, endereço, quem e quantos recebem; cada leva só traz o que é novo."""
    cena = Cena()
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    assert cena.nucleo.quadros_vistos().quadros == ()
    cena.nucleo.inspecionar(True)
    ana.exigir("mensagem", sala="aula", texto="oi")
    entrada, ok, mensagem = cena.nucleo.quadros_vistos().quadros
    assert entrada.e_entrada and entrada.nome == "Ana" and entrada.endereco.startswith("127.0.0.1:")
    assert not ok.e_entrada and (ok.destinatarios, mensagem.destinatarios) == (1, 2)
    assert json.loads(mensagem.carga)["tipo"] == "mensagem"
    assert [quadro.numero for quadro in (entrada, ok, mensagem)] == [1, 2, 3]
    assert cena.nucleo.quadros_vistos().quadros == ()
    cena.nucleo.inspecionar(False)
    bia.exigir("ping")
    assert cena.nucleo.quadros_vistos().quadros == ()


def test_a_enxurrada_e_cortada_e_contada() -> None:
    """Até 500 por leva; o resto só se conta."""
    cena = Cena()
    ana = cena.conectar("Ana")
    cena.nucleo.inspecionar(True)
    for _ in range(300):
        ana.exigir("ping")
    leva = cena.nucleo.quadros_vistos()
    assert (len(leva.quadros), leva.perdidos) == (500, 100)
    assert cena.nucleo.quadros_vistos().perdidos == 0


def test_nenhuma_senha_em_lugar_nenhum() -> None:
    """Nem no inspetor, nem no arquivo, nem nos fatos que vão ao registro e à auditoria, por todos os caminhos."""
    cena = Cena()
    cena.nucleo.inspecionar(True)
    ana = cena.conectar("Ana")
    ana.exigir("registrar", senha=_SEGREDO)
    ana.exigir("registrar", senha=_SEGREDO + "b", senha_atual=_SEGREDO)
    ana.pedir("registrar", senha=_SEGREDO + "c", senha_atual=_SEGREDO + "errada")
    ana.exigir("criar", sala="cofre", senha=_SEGREDO)
    for texto in (f"/registrar\n{_SEGREDO}", f"/registrar {_SEGREDO}", f'/join "cofre"{_SEGREDO}', f"/join\ncofre\t{_SEGREDO}"):
        assert ana.exigir("comando", texto=texto)["comando"] is True
        ana.exigir("mensagem", sala="cofre", texto=texto)
    ana.exigir("encerrar")
    cena.passar(61)
    bia = cena.ligar()
    bia.exigir("ola", versao=1)
    bia.pedir("identificar", nome="Ana", senha=_SEGREDO)
    bia.exigir("identificar", nome="Ana", senha=_SEGREDO + "b")
    bia.mandar_cru(f'{{"tipo":"registrar","senha":"{_SEGREDO}",}}'.encode())
    leva = cena.nucleo.quadros_vistos()
    assert len(leva.quadros) > 30 and leva.perdidos == 0
    arquivo = (cena.arquivo.estado, cena.arquivo.gravadas, cena.arquivo.anotacoes)
    for onde in (*[quadro.carga.decode() for quadro in leva.quadros], repr(cena.publicados), repr(arquivo)):
        assert _SEGREDO not in onde, onde
