"""Contas: prender um nome a uma senha e entrar com ela (§§4.2 e 4.4)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Hashable

from protocolo.erros import Codigo, ErroDeProtocolo
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.eventos import UsuarioRegistrado
from servidor.nucleo.portas import LinhaDeConta
from servidor.nucleo.senhas import confere_senha, resumir_senha
from servidor.nucleo.tratadores.base import Tratador


def conferir_conta(central: Central, pedido: Pedido, conta: LinhaDeConta, seguir: Callable[[], None]) -> None:
    """Confere a senha do pedido com a da conta e, se for a certa, segue. Levanta a recusa."""
    senha = pedido.campos.get("senha")
    if senha is None:
        mensagem = f"O nome “{conta.nome}” é registrado: informe a senha."
        raise ErroDeProtocolo(Codigo.SENHA_EXIGIDA, mensagem, campo="senha")
    exigir_cifra(pedido)
    _conferir(central, pedido, conta, senha, "senha", seguir)


def registrar(central: Central, pedido: Pedido) -> None:
    """Prende o nome atual a uma conta, ou troca a senha da que já é de quem pede."""
    exigir_cifra(pedido)
    usuario, nova = pedido.usuario, pedido.campos["senha"]
    conta = central.contas.get(usuario.chave)
    chave, nome = usuario.chave, usuario.nome

    def guardar(resumo: str) -> None:
        central.guardar_conta(LinhaDeConta(chave, nome, resumo))
        usuario.contas.add(chave)
        central.sujar_usuario(usuario)
        central.publicar(UsuarioRegistrado(nome))
        central.responder(pedido)

    def resumir() -> None:
        central.na_oficina(pedido, lambda: resumir_senha(nova), guardar)

    if conta is None:
        resumir()
    else:
        _conferir(central, pedido, conta, pedido.campos.get("senha_atual", ""), "senha_atual", resumir)


def exigir_cifra(pedido: Pedido) -> None:
    """Levanta ``exige_tls`` se a senha viria em claro por uma rede."""
    if not pedido.conexao.cifrada and not _e_desta_maquina(pedido.conexao.endereco[0]):
        raise ErroDeProtocolo(Codigo.EXIGE_TLS, "Senhas só por uma conexão protegida (TLS).")


def _e_desta_maquina(host: str) -> bool:
    endereco = ipaddress.ip_address(host.partition("%")[0])
    # Quem escuta em “::” vê 127.0.0.1 como ::ffff:127.0.0.1.
    return (getattr(endereco, "ipv4_mapped", None) or endereco).is_loopback


def _conferir(
    central: Central, pedido: Pedido, conta: LinhaDeConta, senha: str, campo: str, seguir: Callable[[], None]
) -> None:
    chaves: tuple[Hashable, ...] = (("conta", conta.chave, pedido.conexao.endereco[0]),)
    central.tentativas.comecar(chaves, central.agora_s)

    def depois(confere: bool) -> None:
        if not confere:
            raise ErroDeProtocolo(Codigo.SENHA_INCORRETA, campo=campo)
        central.tentativas.acertou(chaves)
        seguir()

    central.na_oficina(pedido, lambda: confere_senha(senha, conta.senha), depois)


TRATADORES: dict[str, Tratador] = {"registrar": registrar}
