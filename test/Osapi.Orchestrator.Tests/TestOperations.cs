using System.Text.Json.Serialization;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Orchestrator.Tests;

/// <summary>Operations of each kind, of which the catalog has only some.</summary>
internal static partial class TestOperations
{
    public static Operation<WriteFile, Written> Write { get; } = Make("test.write.execute", Idempotency.Idempotent);

    public static Operation<WriteFile, Written> Append { get; } = Make("test.append.execute", Idempotency.NonIdempotent);

    public static Operation<WriteFile, Written> Read { get; } = Make("test.read.get", Idempotency.ReadOnly);

    private static Operation<WriteFile, Written> Make(string id, Idempotency idempotency) => new(id, idempotency)
    {
        Route = HttpRoute.Post("/node/{hostname}/test"),
        Permission = null,
        Request = TestJson.Requests.WriteFile,
        Result = TestJson.Results.Written,
        Example = static () => (new() { Path = "/etc/motd" }, new(1)),
    };

    internal sealed record WriteFile
    {
        [Length(1, 100)]
        public required string Path { get; init; }

        [Range(1, 9)]
        public int Count { get; init; } = 1;
    }

    internal sealed record Written(int Bytes);

    [JsonSerializable(typeof(WriteFile)), JsonSerializable(typeof(Written))]
    internal sealed partial class TestJson : JsonSerializerContext
    {
        public static TestJson Requests { get; } = new(JsonConventions.Strict);

        public static TestJson Results { get; } = new(JsonConventions.Lenient);
    }
}
