using Osapi.Agent.Jobs;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Settings;

/// <summary>A setting of the configuration.</summary>
internal abstract class Setting(string key)
{
    /// <summary>The key in the file: <c>controller.listen</c>.</summary>
    public string Key => key;

    /// <summary>The environment variable of the setting.</summary>
    public string Variable { get; init; } = "OSAPI_" + key.ToUpperInvariant().Replace('.', '_');

    /// <summary>The section of the file; empty for a setting at the top level.</summary>
    public string Section => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    /// <summary>The description, without a full stop at the end.</summary>
    public required string Summary { get; init; }

    /// <summary>The default, as text.</summary>
    public required string Default { get; init; }

    /// <summary>A valid value as it is written in a configuration file; null for a setting whose default is one.</summary>
    public string? Sample { get; init; }

    /// <summary>The valid values, as text.</summary>
    public required string Range { get; init; }

    /// <summary>The shape of the value.</summary>
    public SettingShape Shape { get; init; } = SettingShape.One;

    /// <summary>True for a secret, which is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Parses the given value; returns null and adds a problem for each invalid text.</summary>
    public abstract object? ReadAny(SettingValue given, List<string> problems);

    /// <summary>Applies the value to the options of a node; returns them unchanged when the value was not given or the node does not have the part.</summary>
    public abstract NodeOptions Apply(NodeOptions options, Configuration configuration);
}

/// <summary>The shape of a setting's value.</summary>
internal enum SettingShape
{
    /// <summary>A single text.</summary>
    One,

    /// <summary>A list; separated by commas in a variable.</summary>
    List,

    /// <summary>A map of names and values; <c>name=value</c>, separated by commas, in a variable.</summary>
    Map,
}

/// <summary>A setting of the configuration.</summary>
/// <param name="key">The key in the file.</param>
/// <param name="read">Parses the given value and adds problems.</param>
internal sealed class Setting<T>(string key, Func<SettingValue, List<string>, T?> read) : Setting(key)
{
    /// <summary>The function that sets the value on a node's options; null for a setting that does not belong to a node.</summary>
    public Func<NodeOptions, T, NodeOptions>? ApplyToNode { get; init; }

    /// <summary>The function that sets the value on a controller's options.</summary>
    public Func<ControllerOptions, T, ControllerOptions>? ApplyToController { get; init; }

    /// <summary>The function that sets the value on an agent's options.</summary>
    public Func<AgentOptions, T, AgentOptions>? ApplyToAgent { get; init; }

    /// <summary>The function that sets the value on the options of the connection to the broker.</summary>
    public Func<NatsOptions, T, NatsOptions>? ApplyToNats { get; init; }

    public override object? ReadAny(SettingValue given, List<string> problems) => read(given, problems);

    public override NodeOptions Apply(NodeOptions options, Configuration configuration)
    {
        if (configuration.Get(this) is not { } value)
            return options;
        options = ApplyToNode?.Invoke(options, value) ?? options;
        return options with
        {
            Controller = options.Controller is { } controller ? ApplyToController?.Invoke(controller, value) ?? controller : null,
            Agent = options.Agent is { } agent ? ApplyToAgent?.Invoke(agent, value) ?? agent : null,
            Nats = options.Nats is { } nats ? ApplyToNats?.Invoke(nats, value) ?? nats : null,
        };
    }
}
