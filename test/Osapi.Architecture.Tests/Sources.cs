using System.Reflection;

namespace Osapi.Architecture.Tests;

/// <summary>The product's own files and assemblies.</summary>
internal static class Sources
{
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(
        typeof(Sources).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!, "..", ".."));

    /// <summary>The directory of each project in src.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetDirectories(Path.Combine(Repository, "src")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Every source file of the product, by its path in the repository.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository, "src"), "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository, path)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Assembly> Assemblies { get; } = [.. Projects.Select(project => Assembly.Load(project == "Osapi.Cli" ? "osapi" : project))];

    /// <summary>The types of the source code, without those of the compiler and generators.</summary>
    public static IEnumerable<Type> Types { get; } =
        [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.FullName is { } name && name.StartsWith("Osapi.", StringComparison.Ordinal) && !name.Contains('<', StringComparison.Ordinal))];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Repository, file));

    /// <summary>Gets the name of a type without its type parameters.</summary>
    public static string NameOf(Type type) => type.Name.Split('`')[0];
}
