namespace Osapi.Cli.Rendering.Lists;

/// <summary>The form in which a list is printed.</summary>
internal enum ListOutput
{
    /// <summary>A table of the columns that fit the terminal, and 80 cells where there is none.</summary>
    Table,

    /// <summary>A table of all columns.</summary>
    Wide,

    /// <summary>The unmodified JSON response.</summary>
    Json,

    /// <summary>The response as YAML.</summary>
    Yaml,

    /// <summary>The name or id of each item, one a line.</summary>
    Name,
}
