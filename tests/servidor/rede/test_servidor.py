"""O servidor de verdade com sockets de verdade, nos dois motores: pedaços, quedas, lentos, troca de lugar e parada."""

from __future__ import annotations

import json
import socket
import sqlite3
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from servidor.rede.leitores import MotorDeThreads
from tests.apoio.esperas import esperar_ate
from tests.apoio.fio import Fio, FioFechado, montar_quadro
from tests.apoio.vigias import listar_sockets
from tests.servidor.rede.bancada import ServidorVigiado

Abrir = Callable[..., ServidorVigiado]
GRANDE = "x" * 3900


def quadro(**objeto: object) -> bytes:
    """Um quadro pronto."""
    return montar_quadro(json.dumps(objeto).encode())


SESSAO = [
    quadro(tipo="ola", versao=1, id=1),
    quadro(tipo="identificar", nome="Ana", id=2),
    quadro(tipo="entrar", sala="geral", id=3),
    quadro(tipo="mensagem", sala="geral", texto="olá", id=4),
    quadro(tipo="ping", id=5),
]


@pytest.mark.parametrize("tamanho", [1, 3, 7, 40, 100_000])
def test_a_mesma_sessao_em_pedacos(servidor: ServidorVigiado, tamanho: int) -> None:
    """Byte a byte ou tudo num segmento só: as mesmas respostas, na mesma ordem."""
    fio = servidor.ligar()
    tudo = b"".join(SESSAO)
    for inicio in range(0, len(tudo), tamanho):
        fio.cru(tudo[inicio : inicio + tamanho])
    assert [fio.resposta(i)["tipo"] for i in range(1, 6)] == ["ok"] * 5
    assert fio.evento("mensagem")["seq"] == 1


def test_rst_no_meio_de_um_quadro(servidor: ServidorVigiado) -> None:
    """Os outros veem uma queda, uma vez só, e o registro não tem traceback."""
    ana, bia = servidor.ligar("Ana", "geral"), servidor.ligar("Bia", "geral")
    bia.cru(SESSAO[3][:11])
    bia.derrubar()
    assert ana.evento("saiu")["motivo"] == "caiu"
    assert [e["tipo"] for e in ana.ate_agora()] == ["entrou"]
    assert not servidor.disse("Traceback")


@pytest.mark.parametrize("ate", range(0, 60, 7))
def test_fim_em_qualquer_ponto(servidor: ServidorVigiado, ate: int) -> None:
    """Cada começo possível de uma sessão, cortado: nada fica para trás e o servidor segue."""
    fio = servidor.ligar()
    fio.cru(b"".join(SESSAO)[: ate or 1])
    fio.fechar()
    servidor.esperar_linha("desconectado")
    servidor.ligar("Bia").exigir("ping")


def test_meio_aberta(servidor: ServidorVigiado) -> None:
    """Quem não manda mais nada ainda ouve as respostas ao que mandou."""
    fio = servidor.ligar("Ana", "geral")
    fio.cru(quadro(tipo="mensagem", sala="geral", texto="última", id="u"))
    fio.fechar_escrita()
    assert fio.resposta("u")["seq"] == 1
    assert fio.fechado()


def test_quadro_grande_ouve_o_erro_antes_do_fim(servidor: ServidorVigiado) -> None:
    """Mesmo com 200 KB ainda por ler do lado do servidor."""
    fio = servidor.ligar()
    fio.cru(b"GET / HTTP/1.1\r\n\r\n" + b"x" * 200_000)
    assert fio.evento("erro")["codigo"] == "quadro_grande_demais"
    assert fio.fechado()


def test_fecha_em_1_s_mesmo_com_quem_nao_para_de_mandar(servidor: ServidorVigiado) -> None:
    """Depois do último erro o servidor lê e descarta, mas só por um segundo."""
    fio = servidor.ligar()
    fio.cru(b"\xff" * 8)

    def foi_cortado() -> bool:
        try:
            fio.cru(b"x" * 1000)
            return False
        except OSError:
            return True

    esperar_ate(foi_cortado, 4)


def test_lento_demais_so_derruba_o_lento(servidor: ServidorVigiado) -> None:
    """Quem não lê cai com mais de 4 MiB à espera; os outros recebem tudo, em ordem."""
    lento = servidor.ligar("Lento", "geral")
    ana, bia = servidor.ligar("Ana", "geral"), servidor.ligar("Bia", "geral")
    mandadas = 0
    while not servidor.disse("lento_demais"):
        for _ in range(25):
            mandadas += 1
            ana.enviar("mensagem", sala="geral", texto=GRANDE)
        assert ana.evento("mensagem", seq=mandadas) and bia.evento("mensagem", seq=mandadas)
        assert mandadas < 6000
    assert mandadas * len(GRANDE) > 4 << 20
    assert bia.evento("saiu")["nome"] == "Lento"
    # As múltiplas de 25 já foram tiradas, uma a uma, enquanto se esperava.
    seqs = [e["seq"] for e in bia.eventos if e["tipo"] == "mensagem"]
    assert seqs == [seq for seq in range(1, mandadas + 1) if seq % 25]
    vistas = []
    try:
        while True:
            vistas.append(lento.receber())
    except FioFechado:
        pass
    seqs = [e["seq"] for e in vistas if e["tipo"] == "mensagem"]
    assert seqs == list(range(1, len(seqs) + 1)), "o que chegou ao lento é um trecho inteiro, sem buracos"


def encher_a_sala(servidor: ServidorVigiado) -> tuple[Fio, Fio]:
    """Quem disse 180 mensagens grandes, já sem nada por ler, e quem chegou depois."""
    ana = servidor.ligar("Ana", "geral")
    for _ in range(180):
        ana.enviar("mensagem", sala="geral", texto=GRANDE)
    ana.evento("mensagem", seq=180)
    ana.eventos.clear()
    return ana, servidor.ligar("Gulosa", "geral")


def pedir_sem_ler(servidor: ServidorVigiado, gulosa: Fio, quantas: int, *, e_mais_nada: bool = False) -> None:
    """Pede páginas de histórico, e talvez feche já a escrita; volta quando o servidor a contém."""
    gulosa.cru(b"".join(quadro(tipo="historico", sala="geral", limite=200, id=i) for i in range(quantas)))
    if e_mais_nada:
        gulosa.fechar_escrita()
    esperar_ate(lambda: any(c.contida for c in list(servidor.nucleo._central.conexoes)))


def test_quem_nao_le_deixa_de_ser_lido_e_depois_continua(servidor: ServidorVigiado) -> None:
    """Mil páginas de histórico pedidas sem ler nenhuma: a memória não cresce, e ao ler vêm todas, em ordem."""
    ana, gulosa = encher_a_sala(servidor)
    pedir_sem_ler(servidor, gulosa, 60)
    ana.exigir("ping")
    assert max(c.esperando_bytes for c in list(servidor.nucleo._central.conexoes)) < 3 << 20
    for i in range(60):
        assert len(gulosa.resposta(i)["mensagens"]) == 180
    gulosa.exigir("ping")


def test_quem_pede_muito_e_nada_mais_tem_a_dizer_ouve_todas_as_respostas(servidor: ServidorVigiado) -> None:
    """Contido, e já sem mais nada a chegar dele: o fim só se conta depois de atendido o que pediu."""
    _, gulosa = encher_a_sala(servidor)
    pedir_sem_ler(servidor, gulosa, 30, e_mais_nada=True)
    for i in range(30):
        assert len(gulosa.resposta(i)["mensagens"]) == 180
    assert gulosa.fechado()


def test_quem_nao_le_e_some_e_esquecido(servidor: ServidorVigiado) -> None:
    """Contido e derrubado com RST: sai das salas na hora, e não 90 s depois (ou nunca)."""
    ana, gulosa = encher_a_sala(servidor)
    pedir_sem_ler(servidor, gulosa, 60)
    gulosa.derrubar()
    assert ana.evento("saiu")["nome"] == "Gulosa"


def test_assumir_pela_rede(servidor: ServidorVigiado) -> None:
    """A antiga ouve por quê e fecha; a nova segue na sala."""
    ana, bia = servidor.ligar("Ana", "geral"), servidor.ligar("Bia", "geral")
    nova = servidor.ligar()
    nova.ola()
    assert nova.identificar("Ana", sessao=ana.ficha)["salas"] == ["geral"]
    assert ana.evento("desconectado")["motivo"] == "assumido"
    assert ana.fechado()
    bia.exigir("mensagem", sala="geral", texto="oi")
    assert nova.evento("mensagem")["texto"] == "oi"
    assert [e["tipo"] for e in bia.ate_agora()] == ["mensagem"]


def test_muitas_idas_e_vindas_nao_deixam_nada(servidor: ServidorVigiado) -> None:
    """Trezentas conexões, umas fechadas, outras derrubadas, outras mudas: threads e sockets voltam ao que eram."""
    antes = len(listar_sockets()), threading.active_count()
    for i in range(300):
        fio = Fio("127.0.0.1", servidor.porta)
        if i % 3:
            fio.cru(SESSAO[0])
        fio.derrubar() if i % 2 else fio.fechar()
    # As conexões são aceitas na ordem: quando esta responde, todas as outras já chegaram.
    ultima = Fio("127.0.0.1", servidor.porta)
    ultima.ola()
    ultima.fechar()
    laco = servidor.laco
    esperar_ate(lambda: not (servidor.nucleo._central.conexoes or laco._portaria.tem_gente or laco._portaria._por_conexao))
    esperar_ate(lambda: (len(listar_sockets()), threading.active_count()) == antes, o_que="tudo voltar ao que era")


def test_sem_threads_perde_so_quem_chegou(abrir: Abrir, monkeypatch: pytest.MonkeyPatch) -> None:
    """O sistema nega uma thread: essa conexão fecha, as outras seguem, e a próxima é atendida."""
    servidor = abrir()
    ana = servidor.ligar("Ana", "geral")
    if not isinstance(servidor.laco._motor, MotorDeThreads):
        return
    comecar = threading.Thread.start

    def negar(thread: threading.Thread) -> None:
        if thread.name.startswith("leitor-"):
            raise RuntimeError("can't start new thread")
        comecar(thread)

    monkeypatch.setattr(threading.Thread, "start", negar)
    assert servidor.ligar().fechado()
    monkeypatch.setattr(threading.Thread, "start", comecar)
    servidor.ligar("Bia", "geral")
    assert ana.evento("entrou")["nome"] == "Bia"
    assert len(servidor.nucleo._central.conexoes) == 2


def test_parar_com_50_a_falar(abrir: Abrir, tmp_path: Path) -> None:
    """Todos ouvem `encerrando`; o que teve `ok` está no banco, uma vez só; nenhuma thread fica."""
    servidor = abrir()
    fios = [servidor.ligar(f"P{i}", f"s{i % 5}") for i in range(50)]
    confirmadas: list[tuple[str, str]] = []
    despedidas: list[str] = []
    trava = threading.Lock()

    def falar(numero: int, fio: Fio) -> None:
        feitas = 0
        try:
            while True:
                texto = f"{numero}-{feitas}"
                fio.exigir("mensagem", sala=f"s{numero % 5}", texto=texto, ref=f"r{texto}")
                feitas += 1
                with trava:
                    confirmadas.append((f"s{numero % 5}", texto))
        except (FioFechado, OSError):
            with trava:
                despedidas.extend(e["motivo"] for e in fio.eventos if e["tipo"] == "desconectado")

    threads = [threading.Thread(target=falar, args=par) for par in enumerate(fios)]
    for thread in threads:
        thread.start()
    esperar_ate(lambda: len(confirmadas) > 500)
    servidor.parar()
    for thread in threads:
        thread.join(10)
    assert despedidas == ["encerrando"] * 50
    with sqlite3.connect(tmp_path / "dados" / "conversas.db") as banco:
        gravadas = banco.execute("SELECT s.nome, m.texto FROM mensagens m JOIN salas s USING (sala_id)").fetchall()
    banco.close()
    assert len(gravadas) == len(set(gravadas))
    assert set(confirmadas) <= set(gravadas)


def test_parar_com_quem_nao_le(abrir: Abrir) -> None:
    """A despedida não cabe, e a parada não espera mais que o prazo dela."""
    servidor = abrir()
    servidor.ligar("Lento", "geral")
    ana = servidor.ligar("Ana", "geral")
    for seq in range(1, 900):
        ana.enviar("mensagem", sala="geral", texto=GRANDE)
        ana.evento("mensagem", seq=seq)
    parou = threading.Thread(target=servidor.parar)
    parou.start()
    parou.join(5)
    assert not parou.is_alive()


def test_a_conversa_volta_depois_de_parar(abrir: Abrir) -> None:
    """Mesmos dados, outro servidor: a ficha, a sala e o histórico continuam."""
    servidor = abrir()
    ana = servidor.ligar("Ana", "aula")
    ana.exigir("mensagem", sala="aula", texto="antes", ref="r1")
    servidor.parar()
    outro = abrir()
    volta = outro.ligar()
    volta.ola()
    assert volta.identificar("Ana", sessao=ana.ficha)["salas"] == ["aula"]
    entrada = volta.exigir("entrar", sala="aula", desde=0)
    assert [m["texto"] for m in entrada["historico"]] == ["antes"] and entrada["moderador"]
    assert volta.exigir("mensagem", sala="aula", texto="de novo", ref="r1")["repetida"] is True


def test_endereco_do_registro_e_o_do_cliente(servidor: ServidorVigiado) -> None:
    """A linha de conexão traz o endereço como `('127.0.0.1', porta)`."""
    fio = servidor.ligar()
    servidor.esperar_linha(f"{fio.endereco} conectado.")


def test_conexao_que_ja_se_foi_ao_ser_aceita(servidor: ServidorVigiado) -> None:
    """RST antes do accept: o aceitador não tropeça."""
    for _ in range(50):
        apressado = socket.create_connection(("127.0.0.1", servidor.porta))
        apressado.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        apressado.close()
    servidor.ligar("Ana").exigir("ping")
