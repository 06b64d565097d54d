"""A sequência da conexão: ``ola``, ``identificar``, ``renomear``, ``ping`` e ``encerrar`` (§4)."""

from __future__ import annotations

from functools import partial

from protocolo import limites as lim
from protocolo.cargas import montar_quadro
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import formatar_hora
from protocolo.textos import chave
from servidor.nucleo import presenca
from servidor.nucleo.balde import Balde
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Conexao, Etapa, Pedido
from servidor.nucleo.eventos import UsuarioIdentificado, UsuarioRenomeado
from servidor.nucleo.portas import LinhaDeConta
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores.base import Tratador
from servidor.nucleo.tratadores.contas import conferir_conta
from servidor.nucleo.usuarios import Usuario, resumir_ficha


def ola(central: Central, pedido: Pedido) -> None:
    """Cumprimenta e diz os limites; outra versão, ou não haver lugar, fecha a conexão."""
    if pedido.campos["versao"] != lim.VERSAO:
        mensagem = f"Este servidor fala a versão {lim.VERSAO} do protocolo."
        erro = ErroDeProtocolo(Codigo.VERSAO_INCOMPATIVEL, mensagem, campo="versao")
        central.recusar(pedido.conexao, pedido.id, erro)
        central.fechar(pedido.conexao, "versão incompatível")
        return
    if pedido.conexao.excesso is not None:
        central.recusar(pedido.conexao, pedido.id, ErroDeProtocolo(Codigo.SERVIDOR_CHEIO, pedido.conexao.excesso))
        central.fechar(pedido.conexao, "servidor cheio")
        return
    pedido.conexao.etapa = Etapa.SAUDADA
    # O prazo de identificar conta daqui, não da conexão.
    pedido.conexao.desde_s = central.agora_s
    regras = central.regras
    central.responder(
        pedido,
        versao=lim.VERSAO,
        servidor={"nome": regras.nome_servidor, "versao": regras.versao_servidor},
        limites=_limites(regras.taxa_por_s),
        cifrado=pedido.conexao.cifrada,
        hora=formatar_hora(central.hora_ms),
    )


def _limites(taxa_por_s: float) -> dict[str, float]:
    return {
        "quadro_bytes": lim.QUADRO_DO_CLIENTE_BYTES,
        "texto": lim.TEXTO_MAX,
        "nome": lim.NOME_MAX,
        "sala": lim.SALA_MAX,
        "historico": lim.HISTORICO_MAX,
        "salas_por_usuario": lim.SALAS_POR_USUARIO,
        "mensagens_por_s": _sem_fracao_inutil(taxa_por_s),
        "rajada": _sem_fracao_inutil(2 * taxa_por_s),
    }


def _sem_fracao_inutil(numero: float) -> float:
    return int(numero) if numero == int(numero) else numero


def identificar(central: Central, pedido: Pedido) -> None:
    """Dá o nome a quem chega, ou o devolve a quem traz a ficha dele."""
    nome = pedido.campos["nome"]
    dono = central.usuarios.com_nome(nome)
    ficha = pedido.campos.get("sessao")
    resumo = resumir_ficha(ficha) if ficha else None
    if dono is not None and dono.ficha == resumo:
        assert ficha is not None
        _devolver_o_nome(central, pedido, dono, ficha)
        return
    _conferir_banido(central, chave(nome))
    _conferir_livre(central, nome)
    conta = central.contas.get(chave(nome))
    if conta is None:
        _dar_nome(central, pedido, None)
    else:
        conferir_conta(central, pedido, conta, partial(_dar_nome, central, pedido, conta))


def _dar_nome(central: Central, pedido: Pedido, conta: LinhaDeConta | None) -> None:
    # A senha pode ter demorado a ser conferida.
    _conferir_banido(central, chave(pedido.campos["nome"]))
    _conferir_livre(central, pedido.campos["nome"])
    ficha = central.sorteio.ficha()
    usuario = central.usuarios.criar(pedido.campos["nome"], resumir_ficha(ficha))
    usuario.balde = novo_balde(central)
    usuario.desde_ms = central.hora_ms
    if conta is not None:
        usuario.contas.add(conta.chave)
    _sentar(central, pedido, usuario, ficha, "novo")


def novo_balde(central: Central) -> Balde | None:
    """O limite de mensagens de um usuário, ou ``None`` com ``--taxa 0``."""
    taxa = central.regras.taxa_por_s
    return Balde(taxa, max(1.0, 2 * taxa), central.agora_s) if taxa else None


def _conferir_banido(central: Central, *marcas: str) -> None:
    if any(marca in central.banidos for marca in marcas):
        raise ErroDeProtocolo(Codigo.BANIDO, "Quem opera o servidor baniu esse nome.", campo="nome")


def _conferir_livre(central: Central, nome: str) -> None:
    dono = central.usuarios.com_nome(nome)
    if dono is not None:
        raise ErroDeProtocolo(Codigo.NOME_EM_USO, f"O nome “{dono.nome}” já está em uso.", campo="nome")
    if central.trancado:
        raise ErroDeProtocolo(Codigo.SERVIDOR_CHEIO, "O servidor não está recebendo ninguém novo agora.")
    if central.usuarios.conectados >= central.regras.max_clientes:
        raise ErroDeProtocolo(Codigo.SERVIDOR_CHEIO)


def _devolver_o_nome(central: Central, pedido: Pedido, usuario: Usuario, ficha: str) -> None:
    # O que a conexão antiga tem no lote sai antes: os eventos na nova vêm depois do ok.
    central.assentar()
    antiga = usuario.conexao
    if antiga is not None:
        central.usuarios.levantar(usuario)
        desconectar(central, antiga, "assumido", "Você entrou por outra conexão.")
    usuario.reservado_ate_s = None
    _sentar(central, pedido, usuario, ficha, "assumiu" if antiga is not None else "voltou")


def _sentar(central: Central, pedido: Pedido, usuario: Usuario, ficha: str, como: str) -> None:
    conexao = pedido.conexao
    central.porteiro.ganhou_nome(conexao)
    conexao.etapa = Etapa.IDENTIFICADA
    conexao.leitor.limite_bytes = lim.QUADRO_DO_CLIENTE_BYTES
    central.usuarios.sentar(usuario, conexao)
    central.sujar_usuario(usuario)
    central.publicar(UsuarioIdentificado(conexao.endereco, usuario.nome, como))
    salas = sorted(sala.nome for sala in [*usuario.salas.values(), *usuario.lugares.values()])
    central.responder(pedido, nome=usuario.nome, registrado=usuario.registrado, sessao=ficha, salas=salas)


def desconectar(central: Central, conexao: Conexao, motivo: str, texto: str | None = None) -> None:
    """Diz à outra ponta por que a conexão fecha (§7.3) e a fecha."""
    evento = {"tipo": "desconectado", "motivo": motivo}
    if texto:
        evento["texto"] = texto
    central.enviar(conexao, montar_quadro(evento))
    central.fechar(conexao, motivo)


def renomear(central: Central, pedido: Pedido) -> None:
    """Troca o nome e conta uma vez a cada pessoa com sala em comum."""
    usuario, novo = pedido.usuario, pedido.campos["nome"]
    dono = central.usuarios.com_nome(novo)
    if dono is not None and dono is not usuario:
        raise ErroDeProtocolo(Codigo.NOME_EM_USO, f"O nome “{dono.nome}” já está em uso.", campo="nome")
    if dono is None:
        _conferir_banido(central, chave(novo))
    if chave(novo) in central.contas and chave(novo) not in usuario.contas:
        raise ErroDeProtocolo(Codigo.NOME_EM_USO, f"O nome “{novo}” é registrado por outra pessoa.", campo="nome")
    if novo != usuario.nome:
        central.assentar()
        _trocar_nome(central, usuario, novo)
    central.responder(pedido, nome=usuario.nome, registrado=usuario.registrado)


def _trocar_nome(central: Central, usuario: Usuario, novo: str) -> None:
    antigo, chave_antiga = usuario.nome, usuario.chave
    central.usuarios.renomear(usuario, novo)
    central.sujar_usuario(usuario)
    vizinhos: dict[Usuario, None] = {}
    for sala in [*usuario.salas.values(), *usuario.lugares.values()]:
        vizinhos.update(dict.fromkeys(sala.membros))
        sala.lembrar_nome(usuario)
        central.sujar_lugar(sala, usuario)
    # Também nas que deixou: quem pegar o nome antigo não pode passar por criador delas.
    for sala in central.salas:
        _levar_o_banimento(central, sala, usuario, chave_antiga)
        if sala.criador_ficha == usuario.ficha:
            sala.criador = novo
            central.sujar_sala(sala)
            central.avisos.mudou(sala, existe=True, agora_s=central.agora_s)
    vizinhos.pop(usuario, None)
    for vizinho in vizinhos:
        central.contar(vizinho, {"tipo": "renomeado", "de": antigo, "para": novo})
    central.publicar(UsuarioRenomeado(antigo, novo))


def _levar_o_banimento(central: Central, sala: Sala, usuario: Usuario, chave_antiga: str) -> None:
    # Quem foi banido pelo nome, antes de chegar, não escapa trocando-o: a sessão entra no mesmo grupo.
    grupo = sala.banidos.get(chave_antiga)
    tem_lugar = usuario in sala.membros or usuario in sala.esperas
    if grupo is not None and not tem_lugar and usuario.ficha not in sala.banidos:
        sala.banidos[usuario.ficha] = grupo
        central.sujar_banido(sala.id, usuario.ficha, grupo)


def ping(central: Central, pedido: Pedido) -> None:
    """Responde a hora do servidor."""
    central.responder(pedido, hora=formatar_hora(central.hora_ms))


def encerrar(central: Central, pedido: Pedido) -> None:
    """Despede-se: a ficha morre, o nome fica livre e a conexão fecha."""
    central.assentar()
    usuario = pedido.conexao.usuario
    if usuario is not None:
        central.usuarios.levantar(usuario)
        presenca.despedir(central, usuario, "saiu")
    central.responder(pedido)
    central.fechar(pedido.conexao, "encerrou")


TRATADORES: dict[str, Tratador] = {
    "ola": ola,
    "identificar": identificar,
    "renomear": renomear,
    "ping": ping,
    "encerrar": encerrar,
}
