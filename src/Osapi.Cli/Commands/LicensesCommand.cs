using System.CommandLine;
using Osapi.Cli.Rendering;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi licenses</c>: lists the third-party components in the executable, and prints their licences.</summary>
internal static class LicensesCommand
{
    private const string Runtime = "dotnet-runtime", AspNetCore = "aspnetcore";

    private static readonly Option<bool> WithText = new("--text") { Description = "Print the texts of all licences and notices" };

    public static Command Create()
    {
        Command command = new("licenses", "List the third-party components in this executable and their licences") { WithText };
        command.SetAction(result =>
        {
            Terminal.Out.Columns(Components().Prepend(["component", "version", "license", "copyright"]));
            if (result.GetValue(WithText))
                PrintTexts();
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Gets the components: name, version, SPDX id of the licence, copyright.</summary>
    internal static IReadOnlyList<string[]> Components() =>
    [
        .. Resource("packages").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')),
        ["SQLite", "", "blessing", "public domain"],
        [".NET runtime and ASP.NET Core", Environment.Version.ToString(), "MIT", "Copyright (c) .NET Foundation and Contributors"],
    ];

    private static void PrintTexts()
    {
        foreach (var license in Components().Select(component => component[2]).Where(license => license != "blessing").Distinct().Order(StringComparer.Ordinal))
            Print($"The license {license}", Resource(license));
        Print("Notices of the .NET runtime", Resource(Runtime));
        Print("Notices of ASP.NET Core", Resource(AspNetCore));
    }

    private static void Print(string title, string text)
    {
        Terminal.Out.Line($"\n{title}\n{new string('=', title.Length)}\n");
        Terminal.Raw(text.TrimEnd());
    }

    private static string Resource(string name)
    {
        using var stream = typeof(LicensesCommand).Assembly.GetManifestResourceStream($"licenses/{name}.txt") ?? throw new InvalidOperationException($"the text {name} is not embedded");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
