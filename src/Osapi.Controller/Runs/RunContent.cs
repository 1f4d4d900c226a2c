using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The parts of a run that may be too large for one message.</summary>
internal sealed record RunContent
{
    public IReadOnlyList<RunTask> Tasks { get => field ?? []; init; }

    public IReadOnlyList<RunFile> Files { get => field ?? []; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public JsonElement? Values { get; init; }
}
