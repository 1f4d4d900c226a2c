using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Http;

/// <summary>Ask web servers from hosts.</summary>
public static partial class HttpOperations
{
    // Its permission is that of the network, which shows the same.
    internal static OperationFamily Family => new([Check]);
}

/// <summary>Calls of the http family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class WebClient(IOperationInvoker invoker);

[JsonSerializable(typeof(CheckHttp)), JsonSerializable(typeof(HttpCheckResult))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    public static HttpJson Requests { get; } = new(JsonConventions.Strict);

    public static HttpJson Results { get; } = new(JsonConventions.Lenient);
}
