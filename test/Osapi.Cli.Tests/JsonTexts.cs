using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Cli.Tests;

[JsonSerializable(typeof(JsonElement)), JsonSerializable(typeof(string))]
internal sealed partial class JsonTexts : JsonSerializerContext;
