using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Http;

/// <summary>The method of a request that changes nothing on a web server.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<HttpCheckMethod>))]
public enum HttpCheckMethod
{
    /// <summary>The server sends the content.</summary>
    Get,

    /// <summary>The server sends the headers only.</summary>
    Head,
}
