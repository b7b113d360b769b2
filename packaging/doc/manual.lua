-- Makes references to manual pages, **name**(5), links between the HTML pages.
local pages = { ["myfabric(1)"] = true, ["myfabric-odbc(5)"] = true, ["myfabric-farm(5)"] = true,
                ["myfabric-odbc(7)"] = true, ["myfabric-servers(7)"] = true,
                ["fabric-sql(7)"] = true }

function Inlines(list)
    if not FORMAT:match("html") then return nil end
    local result = pandoc.Inlines {}
    local i = 1
    while i <= #list do
        local name, next = list[i], list[i + 1]
        local section = name.t == "Strong" and next and next.t == "Str" and next.text:match("^%((%d)%)")
        local title = section and pandoc.utils.stringify(name) .. "(" .. section .. ")"
        if title and pages[title] then
            result:insert(pandoc.Link(title, pandoc.utils.stringify(name) .. "." .. section .. ".html"))
            local rest = next.text:sub(4)
            if rest ~= "" then result:insert(pandoc.Str(rest)) end
            i = i + 2
        else
            result:insert(name)
            i = i + 1
        end
    end
    return result
end

-- On a terminal a table is a list: the first cell, and what is said of it.
function Table(table)
    if FORMAT ~= "man" then return nil end
    local items = {}
    for _, row in ipairs(pandoc.utils.to_simple_table(table).rows) do
        local said = pandoc.Inlines {}
        for i = 2, #row do
            local cell = pandoc.utils.blocks_to_inlines(row[i])
            if #cell > 0 then
                if #said > 0 then said:extend { pandoc.Str("; ") } end
                said:extend(cell)
            end
        end
        items[#items + 1] = { pandoc.utils.blocks_to_inlines(row[1]), { { pandoc.Plain(said) } } }
    end
    return pandoc.DefinitionList(items)
end

-- Names of keys are not broken.
function Pandoc(document)
    if FORMAT == "man" then document.blocks:insert(1, pandoc.RawBlock("man", ".ad l\n.nh")) end
    return document
end
