using System.Text.Json;

namespace Osapi.Operations.Json;

/// <summary>Finds the duplicate member of an object, which the parser rejects without naming it.</summary>
internal static class DuplicateMember
{
    /// <summary>Returns the path of the first duplicate member; null when there is none before the JSON becomes invalid.</summary>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        Stack<Level> levels = new();
        try
        {
            while (reader.Read())
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        var (name, level) = (reader.GetString()!, levels.Peek());
                        if (!level.Names!.Add(name))
                            return JsonPath.Member(level.Path, name);
                        level.Current = JsonPath.Member(level.Path, name);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        levels.Push(new(Next(levels), reader.TokenType == JsonTokenType.StartObject ? [] : null));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        levels.Pop();
                        break;
                    default:
                        Next(levels);
                        break;
                }
        }
        catch (JsonException)
        {
            // The JSON is invalid as well.
        }

        return null;
    }

    // The path of the next value.
    private static string Next(Stack<Level> levels)
    {
        if (!levels.TryPeek(out var level))
            return "";
        return level.Names is not null ? level.Current : JsonPath.Element(level.Path, level.Index++);
    }

    private sealed class Level(string path, HashSet<string>? names)
    {
        public string Path => path;

        /// <summary>The names of an object; null for a list.</summary>
        public HashSet<string>? Names => names;

        public string Current { get; set; } = "";

        public int Index { get; set; }
    }
}
