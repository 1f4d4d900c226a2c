using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The choice for a configuration file that was changed on the host and that the new version of its package also changes.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ConfigFilePolicy>))]
public enum ConfigFilePolicy
{
    /// <summary>The host's file stays; the package's is put beside it with the ending <c>.dpkg-dist</c>.</summary>
    Keep,

    /// <summary>The package's file replaces it; the host's is put beside it with the ending <c>.dpkg-old</c>.</summary>
    Replace,
}
