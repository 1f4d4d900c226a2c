using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The validator of a file's content. All but <c>json</c> are programs of the host, which read the new file before it replaces the old one.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FileValidation>))]
public enum FileValidation
{
    /// <summary>JSON, at most 1 MiB; a check validates it as well.</summary>
    Json,

    /// <summary>Rules of sudo, with <c>visudo -c</c>.</summary>
    Visudo,

    /// <summary>The configuration of the SSH server, with <c>sshd -t</c>.</summary>
    Sshd,

    /// <summary>The main configuration of nginx, with <c>nginx -t</c>.</summary>
    Nginx,

    /// <summary>The main configuration of Apache, with <c>apache2ctl -t</c>.</summary>
    Apache,

    /// <summary>The configuration of BIND, with <c>named-checkconf</c>.</summary>
    Named,

    /// <summary>The configuration of HAProxy, with <c>haproxy -c</c>.</summary>
    Haproxy,

    /// <summary>A set of rules of the firewall, with <c>nft -c</c>.</summary>
    Nft,
}
