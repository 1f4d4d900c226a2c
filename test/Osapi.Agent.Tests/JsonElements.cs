using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Agent.Tests;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonElements : JsonSerializerContext;
