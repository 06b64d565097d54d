"""Os retratos trazem só o que mudou, também as latências; sem nada mudado não há retrato."""

from __future__ import annotations

from servidor.nucleo.eventos import Retrato
from tests.servidor.nucleo.palco import Cena


def test_de_quem_a_latencia_nao_mudou_nao_se_conta_nada(cena: Cena) -> None:
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.conexao.medir_latencia = lambda: 3.0
    cena.nucleo.observar(True)

    def mudados(*, medir_todos: bool) -> list[tuple[str, float | None]]:
        ana.exigir("ping")
        return [(u.nome, u.latencia_ms) for u in _retratar(cena, medir_todos=medir_todos).usuarios_mudados]

    assert sorted(mudados(medir_todos=True)) == [("Ana", 3.0), ("Bia", None)], "o primeiro traz todos"
    mudados(medir_todos=True)
    assert mudados(medir_todos=True) == []
    bia.conexao.medir_latencia = lambda: 7.0
    assert mudados(medir_todos=False) == [], "não é a vez de medir"
    assert mudados(medir_todos=True) == [("Bia", 7.0)]
    bia.conexao.medir_latencia = lambda: None
    assert mudados(medir_todos=True) == [("Bia", None)]
    ana.exigir("renomear", nome="Aninha")
    assert mudados(medir_todos=True) == [("Aninha", 3.0)], "o resto do que muda conta-se como sempre"


def test_a_latencia_que_oscilou_entre_duas_medidas_volta_ao_certo(cena: Cena) -> None:
    ana = cena.conectar("Ana")
    ana.conexao.medir_latencia = lambda: 3.0
    cena.nucleo.observar(True)
    _retratar(cena, medir_todos=True)
    ana.conexao.medir_latencia = lambda: 40.0
    ana.exigir("renomear", nome="Aninha")
    assert [u.latencia_ms for u in _retratar(cena).usuarios_mudados] == [40.0]
    ana.conexao.medir_latencia = lambda: 3.0
    ana.exigir("ping")
    assert [u.latencia_ms for u in _retratar(cena, medir_todos=True).usuarios_mudados] == [3.0], "compara-se com o que se contou"


def test_sem_nada_mudado_nao_ha_retrato(cena: Cena) -> None:
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.exigir("criar", sala="Redes")
    cena.nucleo.observar(True)
    assert _retratar(cena, medir_todos=True).completo
    for medir_todos in (False, True, True):
        assert cena.nucleo.retratar(medir_todos=medir_todos) is None
    bia.exigir("ping")
    assert _retratar(cena).contadores.bytes_recebidos, "um pedido qualquer já é tráfego"
    assert cena.nucleo.retratar(medir_todos=False) is None
    cena.nucleo.trancar(True)
    assert _retratar(cena).contadores.trancado
    bia.exigir("entrar", sala="Redes")
    visto = _retratar(cena)
    assert [sala.nome for sala in visto.salas_mudadas] == ["Redes"] and not visto.completo
    cena.nucleo.observar(True)
    assert _retratar(cena).completo, "quem chega a observar recebe tudo, mesmo que nada tenha mudado"


def test_o_que_muda_sem_que_passe_um_byte_tambem_se_conta(cena: Cena) -> None:
    ana = cena.conectar("Ana")
    ana.exigir("criar", sala="Redes", senha="abacate")
    cena.nucleo.observar(True)
    id_da_sala = next(s.id for s in _retratar(cena, medir_todos=True).salas_mudadas if s.nome == "Redes")
    ana.conexao.medir_latencia = lambda: 8.0
    assert [u.latencia_ms for u in _retratar(cena, medir_todos=True).usuarios_mudados] == [8.0], "a do último pedaço soube-se depois"
    cena.operar("/fixar #Redes")
    assert [(s.nome, s.fixa) for s in _retratar(cena).salas_mudadas] == [("Redes", True)]
    ana.exigir("sair", sala="Redes")
    assert _retratar(cena).contadores.protegidas == 1
    cena.operar("/soltar #Redes")
    visto = _retratar(cena)
    assert (visto.salas_mudadas, visto.salas_sumidas) == ((), (id_da_sala,)) and visto.contadores.protegidas == 0


def test_com_todos_calados_nao_se_medem_latencias(cena: Cena) -> None:
    ana = cena.conectar("Ana")
    medidas = 0

    def medir() -> float:
        nonlocal medidas
        medidas += 1
        return 1.0

    ana.conexao.medir_latencia = medir
    cena.nucleo.observar(True)
    for _ in range(3):
        cena.nucleo.retratar(medir_todos=True)
    calados = medidas
    for _ in range(3):
        cena.nucleo.retratar(medir_todos=True)
    assert medidas == calados
    ana.exigir("ping")
    for _ in range(3):
        cena.nucleo.retratar(medir_todos=True)
    assert medidas == calados + 2, "a do último pedaço pode chegar depois: mede-se mais uma vez"


def test_quem_sai_e_as_protegidas_de_agora_vao_no_retrato(cena: Cena) -> None:
    ana, bia = cena.conectar("Ana"), cena.conectar("Bia")
    ana.exigir("criar", sala="Provas", senha="abacate")
    cena.nucleo.observar(True)
    bia_id = next(u.id for u in _retratar(cena).usuarios_mudados if u.nome == "Bia")
    bia.exigir("encerrar")
    visto = _retratar(cena)
    assert visto.usuarios_sumidos == (bia_id,) and visto.contadores.usuarios == 1
    assert visto.contadores.protegidas == 1
    cena.nucleo.observar(False)
    ana.exigir("encerrar")
    cena.nucleo.observar(True)
    visto = _retratar(cena)
    assert not visto.usuarios_mudados and visto.contadores.protegidas == 0, "o que mudou sem ninguém a ver também conta"


def _retratar(cena: Cena, *, medir_todos: bool = False) -> Retrato:
    retrato = cena.nucleo.retratar(medir_todos=medir_todos)
    assert retrato is not None
    return retrato
