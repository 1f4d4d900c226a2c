using System.Reflection;

namespace Osapi.Architecture.Tests;

/// <summary>Tests of names.</summary>
public sealed class NameTests
{
    private static readonly string[] Vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Base", "Impl", "Processor", "Wrapper", "Data", "Info"];

    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["OsInfo"] = "the reference's own name for it, and that of its os-release",
        ["AgentInfo"] = "the reference's own name for what an agent registers with",
        ["ObjectInfo"] = "what the object store of the other transport calls it",
    };

    private static readonly string[] Seams =
    [
        // Carries calls: over HTTP, in process, scripted in tests.
        "IOperationInvoker", "IFileDownloader", "IJobWatcher", "IOutputReader", "IAuditExporter",
        // Carries jobs: embedded, and over a broker. Its parts.
        "ITransport", "IKeyValues", "IObjects", "IRunSignals", "IRunWatcher", "ISignals",
        // The keys of hosts: from the roster, or from the one process of an embedded system.
        "IHostKeys",
        // What the catalog's contracts can be.
        "IStringValue", "ITextConverter", "IValidatable",
    ];

    [Fact]
    public void No_type_has_a_meaningless_name() =>
        Assert.Equal(
            [],
            Sources.Types.Select(Sources.NameOf).Distinct().Where(name => Vague.Any(word => name.EndsWith(word, StringComparison.Ordinal)) && !Exceptions.ContainsKey(name)));

    [Fact]
    public void Every_exception_from_that_is_still_needed() =>
        Assert.Equal([], Exceptions.Keys.Except(Sources.Types.Select(Sources.NameOf)));

    [Fact]
    public void Interfaces_are_the_seams_and_no_others() =>
        Assert.Equal(Seams.Order(StringComparer.Ordinal), Sources.Types.Where(type => type.IsInterface).Select(Sources.NameOf).Order(StringComparer.Ordinal));

    [Fact]
    public void Cancellation_tokens_are_the_last_parameters_everywhere()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = Sources.Types.Where(type => !type.IsSubclassOf(typeof(Delegate))).SelectMany(type => type.GetMethods(All)).Where(method => !method.Name.Contains('<', StringComparison.Ordinal));

        foreach (var method in methods)
            Assert.All(
                method.GetParameters().SkipWhile(parameter => parameter.ParameterType != typeof(CancellationToken)),
                parameter => Assert.True(parameter.ParameterType == typeof(CancellationToken), $"{method.DeclaringType}.{method.Name}: {parameter.Name} after a token"));
    }

    [Fact]
    public void Public_async_methods_of_the_packages_can_be_cancelled()
    {
        string[] packages = ["Osapi.Operations", "Osapi.Client", "Osapi.Orchestrator", "Osapi.Testing"];
        var methods = Sources.Types
            .Where(type => type.IsVisible && packages.Contains(type.Assembly.GetName().Name))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal))
            // The signature of a delegate belongs to its callers.
            .Where(method => !typeof(Delegate).IsAssignableFrom(method.DeclaringType))
            .ToList();

        Assert.NotEmpty(methods);
        foreach (var method in methods)
        {
            Assert.True(method.GetParameters().LastOrDefault() is { Name: "cancellationToken" } last && last.ParameterType == typeof(CancellationToken), $"{method.DeclaringType}.{method.Name}");
            Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
        }
    }
}
