using System.Text;
using System.Text.Json.Nodes;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>Changes a valid message into one that a newer version, a broken one or an attacker might write.</summary>
internal sealed class Mutations(int seed)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "9223372036854775808", "1.5", "\"\"", "\"web-01\"", "\"\\ud800\"", "\"\\u001b[2J\"", "\"_any\"", "\"../../etc\"",
        "[]", "[null]", "[[[[]]]]", "{}", "{\"a\":null}", "\"paused\"", "\"deferred\"", "\"9999-12-31T23:59:59.9999999+00:00\"", "\"0001-01-01T00:00:00Z\"",
    ];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    public string Of(string message) => random.Next(10) switch
    {
        0 => message[..random.Next(message.Length)],
        1 => Flipped(message),
        2 => new string((char)random.Next(1, 0x3000), random.Next(200)),
        3 => $"[{message}]",
        4 => new string('[', random.Next(2000)),
        _ => Members(message),
    };

    private string Flipped(string message)
    {
        var letters = message.ToCharArray();
        for (var i = random.Next(1, 5); i > 0; i--)
            letters[random.Next(letters.Length)] = (char)random.Next(0, 128);
        return new(letters);
    }

    // Members are removed, changed, added and duplicated, at any depth.
    private string Members(string message)
    {
        var root = JsonNode.Parse(message)!.AsObject();
        var text = new StringBuilder();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var at = Somewhere(root);
            var name = at.Count > 0 ? at.ElementAt(random.Next(at.Count)).Key : "new";
            switch (random.Next(3))
            {
                case 0:
                    at.Remove(name);
                    break;
                case 1:
                    at[name] = $"#{random.Next(Values.Length)}";
                    break;
                default:
                    at[$"newer_{random.Next(10)}"] = $"#{random.Next(Values.Length)}";
                    break;
            }
        }

        text.Append(root.ToJsonString());
        // Inserted as text: some valid JSON on the wire is not a JSON value of .NET.
        for (var i = 0; i < Values.Length; i++)
            text.Replace($"\"#{i}\"", Values[i]);
        return text.ToString();
    }

    private JsonObject Somewhere(JsonObject root)
    {
        var at = root;
        while (random.Next(3) > 0 && at.Select(member => member.Value).OfType<JsonObject>().ToList() is { Count: > 0 } inner)
            at = inner[random.Next(inner.Count)];
        return at;
    }
}
