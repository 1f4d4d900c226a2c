using System.Text.Json;
using System.Xml.Linq;

namespace Osapi.Architecture.Tests;

/// <summary>Tests of the dependencies between projects.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Osapi.Operations"] = [],
        ["Osapi.Client"] = ["Osapi.Operations"],
        ["Osapi.Orchestrator"] = ["Osapi.Client"],
        ["Osapi.Plans"] = ["Osapi.Orchestrator"],
        ["Osapi.Testing"] = ["Osapi.Client"],
        ["Osapi.Transport"] = ["Osapi.Operations"],
        ["Osapi.Agent"] = ["Osapi.Transport"],
        ["Osapi.Controller"] = ["Osapi.Transport"],
        // docs/adr/0033-one-node.md, docs/adr/0056-detached-runs.md
        ["Osapi.Hosting"] = ["Osapi.Agent", "Osapi.Client", "Osapi.Controller", "Osapi.Plans"],
        ["Osapi.Cli"] = ["Osapi.Hosting", "Osapi.Plans"],
    };

    [Fact]
    public void Projects_have_no_cyclic_dependencies()
    {
        foreach (var project in Sources.Projects)
        {
            var file = XDocument.Load(Path.Combine(Sources.Repository, "src", project, $"{project}.csproj"));
            var references = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

            Assert.Equal(Allowed[project], references.Order(StringComparer.Ordinal));
        }

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Sources.Projects);
    }

    [Fact]
    public void The_dependencies_of_the_agent_have_no_web_server()
    {
        var agent = Sources.Assemblies.Single(assembly => assembly.GetName().Name == "Osapi.Agent");
        using var packages = JsonDocument.Parse(Sources.Text("src/Osapi.Agent/packages.lock.json"));
        var names = packages.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()).Select(package => package.Name);

        Assert.DoesNotContain(Closure(agent.GetName().Name!), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void The_packages_for_developers_bring_nothing_that_only_a_server_needs()
    {
        var closure = Closure("Osapi.Orchestrator");

        Assert.DoesNotContain(closure, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal));
        Assert.DoesNotContain(closure, name => name is "Osapi.Transport" or "Osapi.Agent" or "Osapi.Controller");
    }

    // Gets the product's own assemblies and their references; the references of packages are in the lock files.
    private static HashSet<string> Closure(string root)
    {
        HashSet<string> seen = [];
        Queue<string> open = new([root]);
        while (open.TryDequeue(out var name))
            if (seen.Add(name) && Sources.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name) is { } own)
                foreach (var reference in own.GetReferencedAssemblies())
                    open.Enqueue(reference.Name!);
        return seen;
    }
}
