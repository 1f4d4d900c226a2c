using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Hosts.Users;

namespace Osapi.Agent.Users;

/// <summary>The difference between an account and the request for it, and the options of the tool that ends it.</summary>
internal sealed class UserChange
{
    private readonly JsonObject before = [], after = [];

    /// <summary>The account as it is; null when there is none.</summary>
    public PasswdEntry? Found { get; init; }

    /// <summary>The members that differ.</summary>
    public List<string> Differences { get; } = [];

    /// <summary>The options of useradd(8) or usermod(8); none when neither is needed.</summary>
    public List<string> Options { get; } = [];

    /// <summary>The new field of the password; null when it stays.</summary>
    public PasswordField? Password { get; private set; }

    /// <summary>The settings that differ, as they are; null for none. Without secrets.</summary>
    public JsonElement? Before => before.Count == 0 ? null : JsonElement.Parse(before.ToJsonString());

    /// <summary>The settings that differ, as they will be; null for none. Without secrets.</summary>
    public JsonElement? After => after.Count == 0 ? null : JsonElement.Parse(after.ToJsonString());

    /// <summary>Adds a difference.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="was">The present value; null for none.</param>
    /// <param name="wanted">The requested value; null for none.</param>
    /// <param name="options">The options that end it.</param>
    public void Add(string name, JsonNode? was, JsonNode? wanted, params IReadOnlyList<string> options)
    {
        if (Found is not null)
        {
            Differences.Add(name);
            before[name] = was;
        }

        after[name] = wanted;
        Options.AddRange(options);
    }

    /// <summary>Adds a difference of the password, whose value is not shown.</summary>
    public void AddPassword(PasswordField field)
    {
        if (Found is not null)
            Differences.Add("password");
        after["password"] = "differs";
        Password = field;
    }

    /// <summary>Creates the value of a list.</summary>
    public static JsonNode List(IEnumerable<string> names) => new JsonArray([.. names.Select(name => (JsonNode)name)]);
}
